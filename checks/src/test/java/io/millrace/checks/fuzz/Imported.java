package io.millrace.checks.fuzz;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.inspect.DatasetInspector;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** An import: what it lets through must be a dataset without fault, and nothing besides. */
final class Imported {
  private Imported() {}

  static Subject subject(String name, Folder folder, Subject.Reader importer) {
    return new Subject(name, folder, false, (in, out) -> readAndInspect(importer, in, out));
  }

  private static void readAndInspect(Subject.Reader importer, Path in, Path out) throws Exception {
    importer.read(in, out);
    Set<String> found = Folder.read(out).files().keySet();
    try {
      Set<String> listed =
          DatasetInspector.inspect(out, Progress.NONE).description().files().keySet();
      Set<String> strange =
          found.stream()
              .filter(path -> !listed.contains(path) && !path.equals("dataset.yaml"))
              .collect(Collectors.toSet());
      if (!strange.isEmpty()) {
        throw new AssertionError("files that no one knows: " + strange);
      }
    } catch (BadInputException e) {
      throw new AssertionError("was imported, and fails the inspector", e);
    }
  }
}
