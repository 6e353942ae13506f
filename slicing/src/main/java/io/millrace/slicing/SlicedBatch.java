package io.millrace.slicing;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/**
 * A batch in host memory: ids, labels, layers and features in one slot.
 *
 * @param epoch which epoch it belongs to
 * @param number its position in the epoch, from 0
 * @param layout where the parts lie
 * @param slot the memory; the holder of the batch owns it
 * @param checksum CRC-32C of node ids, labels and layers: equal batches have equal checksums,
 *     whichever worker prepared them
 * @param seedLocalIds the local id of each seed in the order of the plan, where a seed may occur
 *     twice; the array is not shared and is not changed
 * @param features is done when the last feature row is in the slot, usually at once
 */
public record SlicedBatch(
    int epoch,
    int number,
    SlotLayout layout,
    Slot slot,
    int checksum,
    int[] seedLocalIds,
    CompletableFuture<Void> features) {
  static SlicedBatch of(
      int epoch,
      int number,
      SlotLayout layout,
      Slot slot,
      int[] seedLocalIds,
      CompletableFuture<Void> features) {
    return new SlicedBatch(
        epoch, number, layout, slot, checksum(layout, slot.memory()), seedLocalIds, features);
  }

  /** This batch, whose bytes are also in another slot. */
  SlicedBatch in(Slot other) {
    return new SlicedBatch(epoch, number, layout, other, checksum, seedLocalIds, features);
  }

  private static int checksum(SlotLayout layout, MemorySegment memory) {
    CRC32C crc = new CRC32C();
    update(crc, layout.nodes(memory));
    update(crc, layout.labels(memory));
    for (int i = 0; i < layout.numLayers(); i++) {
      MfgSegments layer = layout.layer(memory, i);
      update(crc, layer.indptr());
      update(crc, layer.indices());
    }
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, MemorySegment part) {
    // A ByteBuffer holds at most 2 GiB.
    for (long offset = 0; offset < part.byteSize(); offset += 1 << 30) {
      crc.update(part.asSlice(offset, Math.min(1 << 30, part.byteSize() - offset)).asByteBuffer());
    }
  }
}
