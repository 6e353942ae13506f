package io.millrace.checks.fuzz;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.NodeDictionary;
import io.millrace.datasets.inspect.DatasetInspector;
import io.millrace.datasets.platform.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** What carries checksums: a dataset's directory. No change of it may go unnoticed. */
final class Sealed {
  private static final String DESCRIPTION = "dataset.yaml";

  private Sealed() {}

  /**
   * @param whole an import that makes a dataset with all that one can have
   * @param root an empty folder
   */
  static Subject dataset(String name, Subject whole, Path root) throws Exception {
    whole.folder().writeTo(root.resolve("in"));
    whole.reader().read(root.resolve("in"), root.resolve("out"));
    Folder folder = Folder.read(root.resolve("out"));
    DatasetDescription described = inspect(root.resolve("out"));
    FileTree.delete(root);
    return new Subject(name, folder, true, (in, _) -> readDataset(in, folder, described));
  }

  private static DatasetDescription inspect(Path directory) {
    return DatasetInspector.inspect(directory, Progress.NONE).description();
  }

  /** Opened first, for that must stand any damage, and looked through. */
  private static void readDataset(Path in, Folder original, DatasetDescription described)
      throws IOException {
    Optional<BadInputException> refusal = Optional.empty();
    try (GraphDataset data = GraphDataset.open(in)) {
      if (data.dictionary().isPresent()) {
        NodeDictionary names = data.dictionary().get();
        for (int node = 0; node < data.graph().numNodes(); node++) {
          names.node(names.name(node));
        }
      }
      if (data.hasTargets()) {
        data.targets().numClasses();
      }
    } catch (BadInputException e) {
      refusal = Optional.of(e);
    }
    DatasetDescription found = inspect(in);
    require(refusal.isEmpty(), "inspected, but not opened: " + refusal);
    require(found.equals(described), "another description passed: " + found);
    requireSame(Folder.read(in).without(DESCRIPTION), original.without(DESCRIPTION));
  }

  static void requireSame(Folder found, Folder original) {
    for (Map.Entry<String, byte[]> file : original.files().entrySet()) {
      byte[] bytes = found.files().get(file.getKey());
      require(Arrays.equals(bytes, file.getValue()), "a change went unnoticed: " + file.getKey());
    }
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
