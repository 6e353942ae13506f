package io.millrace.datasets;

import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Five nodes, undirected: 0-1, 0-2, 1-2, a self-loop at 2, 2-3; node 4 is isolated. Two features
 * per node, two classes, node 3 unlabelled.
 */
public final class TinyDataset {
  private TinyDataset() {}

  public static GraphDataset create() {
    int[] src = {0, 0, 1, 2, 3};
    int[] dst = {1, 2, 2, 2, 2};
    return GraphDataset.builder("tiny", CsrBuilder.build(5, src, dst, EdgeOptions.UNDIRECTED))
        .features(FeatureMatrix.of(2, new float[] {1, 2, 3, 4, 5, -6, 0, 0, 9, 10}))
        .labels(NodeLabels.of(2, new int[] {0, 1, 1, -1, 0}))
        .split(Split.TRAIN, 2, 0)
        .split(Split.VALID, 1)
        .split(Split.TEST, 4)
        .build();
  }

  public static Path save(Path directory) {
    try (GraphDataset dataset = create()) {
      dataset.save(directory);
    }
    return directory;
  }

  /**
   * Overwrites 4 bytes; {@code fromEnd} counts int32 elements from the file's end, 1 = the last.
   */
  public static void putInt(Path file, int fromEnd, int value) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(bytes.putInt(value).flip(), Files.size(file) - fromEnd * 4L);
    }
  }

  /** Replaces text in {@code dataset.yaml}, and leaves out its checksum. */
  public static void editYaml(Path directory, String from, String to) throws Exception {
    Path yaml = directory.resolve("dataset.yaml");
    String text = Files.readString(yaml);
    if (!text.contains(from)) {
      throw new IllegalArgumentException(from + " is not in " + text);
    }
    String unsealed = text.substring(text.indexOf('\n') + 1);
    Files.writeString(yaml, unsealed.replace(from, to));
  }
}
