package io.millrace.transfer;

import io.millrace.slicing.SlicedBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Delivers to the CPU: the consumer gets the slot itself, without a copy. */
final class HostCopyEngine implements CopyEngine {
  private int numSlots;
  private final Queue<SlicedBatch> submitted = new ArrayDeque<>();
  private int numHeld;

  HostCopyEngine(int numSlots) {
    this.numSlots = numSlots;
  }

  @Override
  public void hostSlots(int number) {
    numSlots = number;
  }

  @Override
  public boolean hasRoom() {
    return numHeld < numSlots;
  }

  @Override
  public long submit(SlicedBatch batch) {
    submitted.add(batch);
    numHeld++;
    return 0;
  }

  @Override
  public DeviceBatch take(Consumer<DeviceBatch> onClose) {
    SlicedBatch batch = submitted.remove();
    return DeviceBatch.onCpu(
        batch,
        closed -> {
          onClose.accept(closed);
          release(batch);
        });
  }

  private void release(SlicedBatch batch) {
    numHeld--;
    batch.slot().release();
  }

  @Override
  public void reclaim() {}

  @Override
  public void drain() {
    while (!submitted.isEmpty()) {
      release(submitted.remove());
    }
  }

  @Override
  public long growths() {
    return 0;
  }

  @Override
  public void close() {}
}
