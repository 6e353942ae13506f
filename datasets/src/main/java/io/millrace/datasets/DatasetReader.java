package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.npy.NpyArray;
import io.millrace.datasets.npy.NpyType;
import io.millrace.datasets.platform.Access;
import io.millrace.datasets.platform.FileEntry;
import io.millrace.datasets.platform.FileStamps;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Maps the files of a dataset directory and checks them against {@code dataset.yaml}.
 *
 * <p>Sizes, shapes, labels and splits are always checked; neighbour ids, row bounds and features in
 * full only on request, because that reads the whole file. The values' rules are in {@link
 * DatasetChecks}.
 */
@Internal
public final class DatasetReader {
  private final Path directory;
  private final DatasetDescription description;
  private final StorageMode storageMode;
  private final Arena arena;
  private final boolean checkValues;

  /** Bytes of the mapped files that memory has room for, the graph's first. */
  private long residentBytes;

  private DatasetReader(
      Path directory,
      DatasetDescription description,
      StorageMode storageMode,
      Arena arena,
      boolean checkValues) {
    this.directory = directory;
    this.description = description;
    this.storageMode = storageMode;
    this.arena = arena;
    this.checkValues = checkValues;
  }

  static DatasetDescription describe(Path directory) {
    Path yaml = directory.resolve(DatasetDescription.FILE_NAME);
    if (!Files.isRegularFile(yaml)) {
      throw BadInputException.of(
          "not a dataset directory", "path", directory, "missing", DatasetDescription.FILE_NAME);
    }
    return DescriptionYaml.read(yaml);
  }

  /**
   * @param fullCheckBytes values are checked in full if the files are no larger than this together
   */
  public static GraphDataset open(Path directory, StorageMode storageMode, long fullCheckBytes) {
    return open(directory, describe(directory), storageMode, fullCheckBytes);
  }

  /** As {@link GraphDataset#open}, but mapped where that would copy it into memory. */
  static GraphDataset openUncopied(Path directory, long fullCheckBytes) {
    DatasetDescription description = describe(directory);
    StorageMode chosen = StorageMode.AUTO.resolve(description);
    return open(
        directory,
        description,
        chosen == StorageMode.IN_MEMORY ? StorageMode.MAPPED : chosen,
        fullCheckBytes);
  }

  private static GraphDataset open(
      Path directory,
      DatasetDescription description,
      StorageMode storageMode,
      long fullCheckBytes) {
    StorageMode resolved = storageMode.resolve(description);
    Arena arena = Arena.ofShared();
    try {
      boolean checkValues = description.totalBytes() <= fullCheckBytes;
      return new DatasetReader(directory, description, resolved, arena, checkValues).read();
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private GraphDataset read() {
    description.files().forEach(this::requireSize);
    CsrGraph graph = graph();
    if (checkValues) {
      DatasetChecks.indptrMonotone(directory.resolve(DatasetFile.INDPTR.path()), graph);
      DatasetChecks.neighborsInRange(directory.resolve(DatasetFile.INDICES.path()), graph);
    }
    GraphDataset.Builder builder = GraphDataset.builder(description.name(), graph);
    EdgeAttributes edges = edges();
    if (checkValues) {
      DatasetChecks.edges(directory, edges);
    }
    builder.edges(edges);
    description
        .features()
        .ifPresent(
            shape -> {
              FeatureMatrix features = features(shape);
              if (checkValues) {
                DatasetChecks.featuresFinite(
                    directory.resolve(DatasetFile.FEATURES.path()), features);
              }
              if (shape.part().isPresent()) {
                builder.part(part(shape.part().get(), features));
              } else {
                builder.features(features);
              }
            });
    description.numClasses().ifPresent(numClasses -> builder.labels(labels(numClasses)));
    description.targets().ifPresent(shape -> builder.targets(targets(shape)));
    for (Split split : Split.values()) {
      DatasetFile file = DatasetFile.of(split);
      if (has(file)) {
        builder.split(split, map(file, file.type(), -1).data().toArray(JAVA_INT));
      }
    }
    if (has(DatasetFile.NAME_OFFSETS)) {
      builder.dictionary(dictionary());
    }
    return builder.opened(directory, description, arena, stamps()).build();
  }

  private FileStamps stamps() {
    return storageMode != StorageMode.IN_MEMORY
        ? FileStamps.of(description.files().keySet().stream().map(directory::resolve).toList())
        : FileStamps.NONE;
  }

  private boolean has(DatasetFile file) {
    return description.files().containsKey(file.path());
  }

  private void requireSize(String path, FileEntry entry) {
    Path file = directory.resolve(path);
    try {
      if (!Files.isRegularFile(file)) {
        throw BadInputException.of("missing file", "file", file);
      }
      if (Files.size(file) != entry.bytes()) {
        throw BadInputException.of(
            "file has the wrong size",
            "file",
            file,
            "bytes",
            Files.size(file),
            "need",
            entry.bytes());
      }
    } catch (IOException e) {
      throw IoErrors.cannotRead(file, e);
    }
  }

  private CsrGraph graph() {
    NpyArray indptr = map(DatasetFile.INDPTR, NpyType.INT64, description.numNodes() + 1L);
    NpyArray indices = map(DatasetFile.INDICES, NpyType.INT32, description.numEdges());
    try {
      return CsrGraph.of(indptr.data(), indices.data());
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + ", file=" + indptr.file(), e);
    }
  }

  /** Edges have the attributes for which there are files. */
  private EdgeAttributes edges() {
    Map<DatasetFile, MemorySegment> values = new EnumMap<>(DatasetFile.class);
    long numEdges = description.numEdges();
    int featureDim = 0;
    for (DatasetFile array : DatasetFile.EDGE_COLUMNS) {
      if (has(array)) {
        boolean rows = array == DatasetFile.EDGE_FEATURES;
        long[] need = rows ? new long[] {numEdges, -1} : new long[] {numEdges};
        NpyArray found = map(array, array.type(), need);
        featureDim = rows ? featureDim(found) : featureDim;
        values.put(array, found.data());
      }
    }
    EdgeColumns columns =
        new EdgeColumns(
            values.containsKey(DatasetFile.EDGE_IDS),
            values.containsKey(DatasetFile.EDGE_WEIGHTS),
            values.containsKey(DatasetFile.EDGE_TIME),
            featureDim);
    return new EdgeAttributes(columns, values);
  }

  private static int featureDim(NpyArray features) {
    long dim = features.shape().get(1);
    if (dim < 1 || dim > EdgeColumns.MAX_FEATURE_DIM) {
      throw BadInputException.of(
          "edge features out of range", "file", features.file(), "shape", features.shape());
    }
    return (int) dim;
  }

  private FeatureMatrix features(DatasetDescription.Features shape) {
    int numRows = shape.part().map(DatasetDescription.Part::numRows).orElse(description.numNodes());
    NpyArray rows = map(DatasetFile.FEATURES, shape.type().npyType(), numRows, shape.dim());
    FeatureMatrix features = FeatureMatrix.of(numRows, shape.dim(), shape.type(), rows.data());
    return storageMode == StorageMode.DISK ? features.onDisk(rows.file()) : features;
  }

  private DatasetPart part(DatasetDescription.Part part, FeatureMatrix rows) {
    NpyArray parts =
        map(DatasetFile.ASSIGNMENT, DatasetFile.ASSIGNMENT.type(), description.numNodes());
    int[] partOfNode = parts.data().toArray(JAVA_INT);
    DatasetChecks.assignment(parts.file(), partOfNode, part);
    return new DatasetPart(part, partOfNode, rows);
  }

  private NodeLabels labels(int numClasses) {
    Path file = directory.resolve(DatasetFile.LABELS.path());
    int numNodes = description.numNodes();
    NodeLabels labels =
        NpyArray.rank(file) == 2
            ? NodeLabels.multiLabel(
                numClasses, map(DatasetFile.LABELS, NpyType.INT8, numNodes, numClasses).data())
            : NodeLabels.of(numClasses, map(DatasetFile.LABELS, NpyType.INT32, numNodes).data());
    DatasetChecks.labelsInRange(file, labels);
    return labels.withClassNames(description.classNames());
  }

  private NodeLabels targets(DatasetDescription.Targets shape) {
    NpyArray values =
        map(DatasetFile.TARGETS, NpyType.FLOAT32, description.numNodes(), shape.count());
    NodeLabels targets = NodeLabels.targets(shape.count(), values.data());
    DatasetChecks.targetsFinite(values.file(), targets);
    return targets.withClassNames(shape.names());
  }

  private NodeDictionary dictionary() {
    int numNodes = description.numNodes();
    NpyArray offsets = map(DatasetFile.NAME_OFFSETS, NpyType.INT64, numNodes + 1L);
    NpyArray bytes = map(DatasetFile.NAME_BYTES, NpyType.UINT8, -1);
    NodeNames names = new NodeNames(offsets.file().getParent(), offsets.data(), bytes.data());
    names.requireOffsets(offsets.file());
    if (!has(DatasetFile.BUCKET_STARTS)) {
      return new NodeDictionary(names, progress -> NameIndex.inMemory(names, arena, progress));
    }
    long numStarts = NameIndex.numStarts(numNodes);
    NpyArray starts = map(DatasetFile.BUCKET_STARTS, NpyType.INT32, numStarts);
    NpyArray nodes = map(DatasetFile.BUCKET_NODES, NpyType.INT32, numNodes);
    NameIndex index = new NameIndex(names, starts.data(), nodes.data());
    return new NodeDictionary(names, _ -> index);
  }

  /**
   * @param need elements per dimension; -1 = any
   */
  private NpyArray map(DatasetFile listed, NpyType type, long... need) {
    Path file = directory.resolve(listed.path());
    entry(listed);
    NpyArray array = read(file, type, need.length);
    for (int i = 0; i < need.length; i++) {
      if (need[i] >= 0 && array.shape().get(i) != need[i]) {
        throw BadInputException.of(
            "shape does not fit " + DatasetDescription.FILE_NAME,
            "file",
            file,
            "shape",
            array.shape(),
            "need",
            need(need));
      }
    }
    return array;
  }

  private FileEntry entry(DatasetFile file) {
    if (!has(file)) {
      throw BadInputException.of(
          "file is not listed in " + DatasetDescription.FILE_NAME,
          "file",
          directory.resolve(file.path()));
    }
    return description.files().get(file.path());
  }

  private NpyArray read(Path file, NpyType type, int rank) {
    if (storageMode != StorageMode.IN_MEMORY) {
      NpyArray mapped = NpyArray.map(file, type, rank, arena);
      access(mapped.data().byteSize()).advise(mapped.data());
      return mapped;
    }
    try (Arena mapping = Arena.ofShared()) {
      NpyArray source = NpyArray.map(file, type, rank, mapping);
      Access.SEQUENTIAL.advise(source.data());
      return source.copy(arena);
    }
  }

  /** How a file of this size will be read: it stays in memory if there is room for it. */
  private Access access(long bytes) {
    Access rows = Access.ofRows(residentBytes + bytes);
    if (rows == Access.RESIDENT) {
      residentBytes += bytes;
      return rows;
    }
    return checkValues ? Access.SEQUENTIAL : rows;
  }

  private static List<Long> need(long[] sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }
}
