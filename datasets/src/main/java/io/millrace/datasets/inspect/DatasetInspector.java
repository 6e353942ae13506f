package io.millrace.datasets.inspect;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetChecks;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.DatasetReader;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeLabels;
import io.millrace.datasets.Split;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.platform.Checksums;
import io.millrace.datasets.platform.Parallel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks every invariant of a dataset directory, checksums included, and computes its statistics.
 *
 * <p>Reads every byte of the files, whatever their size, once or twice. The rules are in {@link
 * DatasetReader} and {@link DatasetChecks}, so the inspector and {@link GraphDataset#open} agree.
 */
public final class DatasetInspector {
  private DatasetInspector() {}

  /**
   * @throws BadInputException at the first broken invariant, naming file and position
   */
  public static DatasetReport inspect(Path directory, Progress progress) {
    try (GraphDataset dataset = DatasetReader.open(directory, StorageMode.MAPPED, Long.MAX_VALUE)) {
      requireChecksums(directory, dataset.description(), progress);
      dataset.dictionary().ifPresent(dictionary -> dictionary.requireIndex(progress));
      DatasetReport.Degrees degrees = DegreeCounter.count(dataset.graph(), progress);
      if (!dataset.description().directed() && !degrees.symmetric()) {
        throw BadInputException.of(
            "every edge of an undirected dataset must also exist in the other direction",
            "path",
            directory,
            "directed",
            false);
      }
      Map<Split, Integer> splitSizes = new EnumMap<>(Split.class);
      for (Split split : Split.values()) {
        if (dataset.hasSplit(split)) {
          splitSizes.put(split, dataset.nodes(split).length);
        }
      }
      return new DatasetReport(
          dataset.description(),
          dataset.fingerprint(),
          degrees,
          EdgeCounter.weights(dataset.edges(), progress),
          EdgeCounter.features(dataset.edges(), progress),
          EdgeCounter.times(dataset),
          dataset.hasFeatures()
              ? Optional.of(FeatureCounter.count(dataset.rowsHere(), progress))
              : Optional.empty(),
          dataset.hasLabels() ? Optional.of(count(dataset.labels())) : Optional.empty(),
          dataset.hasTargets() ? Optional.of(count(dataset.targets())) : Optional.empty(),
          splitSizes);
    }
  }

  private static void requireChecksums(
      Path directory, DatasetDescription description, Progress progress) {
    List<String> paths = new ArrayList<>(description.files().keySet());
    String[] found = new String[paths.size()];
    Parallel.run(
        found.length,
        progress,
        "check checksums",
        i -> found[i] = Checksums.sha256Hex(directory.resolve(paths.get(i))));
    for (int i = 0; i < found.length; i++) {
      Checksums.require(
          directory.resolve(paths.get(i)),
          found[i],
          description.files().get(paths.get(i)).sha256());
    }
  }

  private static DatasetReport.LabelCounts count(NodeLabels labels) {
    long[] perClass = new long[labels.numClasses()];
    long unlabelled = 0;
    int numNodes = labels.numNodes();
    for (int node = 0; node < numNodes; node++) {
      if (!labels.isLabelled(node)) {
        unlabelled++;
      } else if (labels.isTargets()) {
        for (int column = 0; column < perClass.length; column++) {
          perClass[column] += labels.isKnown(node, column) ? 1 : 0;
        }
      } else if (!labels.isMultiLabel()) {
        perClass[labels.get(node)]++;
      } else {
        for (int column = 0; column < perClass.length; column++) {
          perClass[column] += labels.get(node, column) == 1 ? 1 : 0;
        }
      }
    }
    return new DatasetReport.LabelCounts(Arrays.stream(perClass).boxed().toList(), unlabelled);
  }
}
