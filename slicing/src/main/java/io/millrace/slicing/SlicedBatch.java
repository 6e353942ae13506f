package io.millrace.slicing;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.datasets.NodeLabels;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/**
 * A batch that is complete in host memory: ids, labels, layers and features in one slot.
 *
 * @param epoch which epoch it belongs to
 * @param number its place in the epoch, from 0
 * @param layout where the parts lie
 * @param slot the memory; whoever holds the batch owns it
 * @param numLabelled seeds whose label is known
 * @param checksum CRC-32C of node ids, labels and layers: equal batches have equal checksums,
 *     whatever prepared them
 */
public record SlicedBatch(
    int epoch, int number, SlotLayout layout, PinnedSlot slot, int numLabelled, int checksum) {
  static SlicedBatch of(int epoch, int number, SlotLayout layout, PinnedSlot slot) {
    MemorySegment memory = slot.memory();
    return new SlicedBatch(
        epoch, number, layout, slot, numLabelled(layout.labels(memory)), checksum(layout, memory));
  }

  private static int numLabelled(MemorySegment labels) {
    int count = 0;
    for (long i = 0; i < labels.byteSize() / Integer.BYTES; i++) {
      count += labels.getAtIndex(JAVA_INT, i) == NodeLabels.UNLABELLED ? 0 : 1;
    }
    return count;
  }

  private static int checksum(SlotLayout layout, MemorySegment memory) {
    CRC32C crc = new CRC32C();
    update(crc, layout.nodes(memory));
    update(crc, layout.labels(memory));
    for (int i = 0; i < layout.numLayers(); i++) {
      BatchLayer layer = layout.layer(memory, i);
      update(crc, layer.indptr());
      update(crc, layer.indices());
    }
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, MemorySegment part) {
    // A ByteBuffer ends at 2 GiB.
    for (long offset = 0; offset < part.byteSize(); offset += 1 << 30) {
      crc.update(part.asSlice(offset, Math.min(1 << 30, part.byteSize() - offset)).asByteBuffer());
    }
  }
}
