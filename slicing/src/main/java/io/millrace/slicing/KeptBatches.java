package io.millrace.slicing;

import io.millrace.Internal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The batches of a plan that is the same each time, such as that of an evaluation: those that fit a
 * number of bytes are kept, and copied into a slot instead of being sampled and sliced again. A
 * copy has the bytes of the batch that was kept.
 *
 * <p>Thread-safe. Owns its memory, which is outside the Java heap, until {@link #close}; nobody may
 * use it then.
 */
@Internal
public final class KeptBatches implements AutoCloseable {
  private record Kept(SlicedBatch batch, MemorySegment content) {}

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Map<Integer, Kept> batches = new ConcurrentHashMap<>();
  private final Arena arena = Arena.ofShared();

  /**
   * @param maxBytes of all batches together
   */
  public KeptBatches(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Keeps a copy of a batch, unless there is one or no room for it.
   *
   * @param number of the batch in its plan
   */
  public void keep(int number, SlicedBatch batch) {
    long size = batch.layout().bytes();
    if (batches.containsKey(number)) {
      return;
    }
    if (bytes.addAndGet(size) > maxBytes) {
      bytes.addAndGet(-size);
      return;
    }
    MemorySegment content = arena.allocate(size, Long.BYTES);
    content.copyFrom(batch.slot().memory().asSlice(0, size));
    batches.put(number, new Kept(batch, content));
  }

  /**
   * @param number of a batch in its plan
   */
  public boolean has(int number) {
    return batches.containsKey(number);
  }

  /** Copies a batch that it {@link #has} into a slot. */
  public SlicedBatch copy(int number, Slot slot) {
    Kept kept = batches.get(number);
    slot.ensure(kept.content().byteSize());
    MemorySegment.copy(kept.content(), 0, slot.memory(), 0, kept.content().byteSize());
    return kept.batch().in(slot);
  }

  /** Bytes of all batches that are kept. */
  public long bytes() {
    return bytes.get();
  }

  /** Frees the memory. */
  @Override
  public void close() {
    batches.clear();
    arena.close();
  }
}
