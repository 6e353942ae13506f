package io.millrace.slicing.partition;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.Progress;
import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.DatasetWriter;
import io.millrace.datasets.FeatureMatrix;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.npy.NpyWriter;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.IoErrors;
import io.millrace.datasets.platform.PartialDirectory;
import io.millrace.slicing.FeatureStore;
import io.millrace.slicing.GatherKind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * Cuts a dataset into parts, each a dataset of its own for a machine that has no more: the rows of
 * its nodes, and all other files.
 */
@Internal
public final class PartWriter {
  /** Bytes of rows that are copied at a time. */
  private static final int PIECE = 1 << 20;

  private static final int ALIGNMENT = 64;
  private static final String NAME = "part-";

  private final Path source;
  private final GraphDataset data;
  private final Assignment assignment;
  private final int[] partOfNode;
  private final Progress progress;

  private PartWriter(Path source, GraphDataset data, Assignment assignment, Progress progress) {
    this.source = source;
    this.data = data;
    this.assignment = assignment;
    partOfNode = IntStream.range(0, assignment.numNodes()).map(assignment::of).toArray();
    this.progress = progress;
  }

  /**
   * Writes all parts, {@code part-0} and so on.
   *
   * @param source the directory of the dataset
   * @param data the dataset, open
   * @param out must not exist; nothing is left there after a failure
   * @throws BadInputException if it exists, or the dataset has no features or is a part itself
   */
  public static void write(
      Path source, GraphDataset data, Assignment assignment, Path out, Progress progress) {
    data.features();
    try (PartialDirectory folder = PartialDirectory.forTarget(out)) {
      PartWriter writer = new PartWriter(source, data, assignment, progress);
      DiskSpace.require(folder.path(), writer.bytes());
      int[][] nodes = nodes(assignment);
      for (int part = 0; part < nodes.length; part++) {
        writer.write(part, nodes[part], part(folder.path(), part));
      }
      folder.commit();
    } catch (IOException e) {
      throw IoErrors.cannotWrite(out, "parts", e);
    }
  }

  /**
   * The directory of a rank's dataset.
   *
   * @param directory a dataset, or a folder with the parts of one, of which only the rank's need be
   *     there
   * @throws BadInputException if other parts are there, but not the rank's
   */
  public static Path directory(Path directory, int rank) {
    Path part = part(directory, rank);
    if (Files.isDirectory(part)) {
      return part;
    }
    List<String> others = parts(directory);
    if (!others.isEmpty()) {
      throw BadInputException.of(
          "a rank needs its own part of the dataset",
          "rank",
          rank,
          "missing",
          part,
          "parts there",
          others);
    }
    return directory;
  }

  /** The names of the parts in a folder; none in a dataset. */
  private static List<String> parts(Path folder) {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, NAME + "[0-9]*")) {
      return StreamSupport.stream(found.spliterator(), false)
          .filter(Files::isDirectory)
          .map(it -> it.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException _) {
      return List.of(); // to open it says why
    }
  }

  private static Path part(Path folder, int number) {
    return folder.resolve(NAME + number);
  }

  /** Of all parts, nearly. */
  private long bytes() {
    long features = data.features().rows().byteSize();
    long others = data.description().totalBytes() - features;
    long assigned = (long) assignment.numNodes() * Integer.BYTES;
    return features + (others + assigned) * assignment.numParts();
  }

  /** The nodes of each part, in ascending order. */
  private static int[][] nodes(Assignment assignment) {
    int[][] nodes = Arrays.stream(assignment.sizes()).mapToObj(int[]::new).toArray(int[][]::new);
    int[] count = new int[nodes.length];
    for (int v = 0; v < assignment.numNodes(); v++) {
      int part = assignment.of(v);
      nodes[part][count[part]++] = v;
    }
    return nodes;
  }

  private void write(int part, int[] nodes, Path out) {
    try (DatasetWriter writer = DatasetWriter.create(out)) {
      data.description()
          .files()
          .forEach(
              (path, entry) -> {
                if (!path.equals(DatasetFile.FEATURES.path())) {
                  writer.copy(source, path, entry);
                }
              });
      writer.write(
          DatasetFile.ASSIGNMENT.path(),
          DatasetFile.ASSIGNMENT.type(),
          new long[] {partOfNode.length},
          file -> file.write(MemorySegment.ofArray(partOfNode)));
      FeatureMatrix features = data.features();
      writer.write(
          DatasetFile.FEATURES.path(),
          features.type().npyType(),
          new long[] {nodes.length, features.dim()},
          file -> copyRows(features, nodes, "write part " + part, file));
      writer.commit(data.description().part(part, assignment.numParts(), nodes.length));
    }
  }

  private void copyRows(FeatureMatrix features, int[] nodes, String stage, NpyWriter file)
      throws IOException {
    FeatureStore rows = FeatureStore.of(features, features.type(), GatherKind.AUTO);
    int numAtOnce = Math.max(1, PIECE / features.rowBytes());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate((long) numAtOnce * features.rowBytes(), ALIGNMENT);
      for (int first = 0; first < nodes.length; first += numAtOnce) {
        int count = Math.min(numAtOnce, nodes.length - first);
        rows.gather(Arrays.copyOfRange(nodes, first, first + count), count, piece);
        file.write(piece.asSlice(0, (long) count * features.rowBytes()));
        progress.update(stage, first + count, nodes.length);
      }
    }
  }
}
