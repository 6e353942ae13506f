package io.millrace.datasets.platform;

import io.millrace.datasets.DatasetFile;
import io.millrace.datasets.Expect;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.StorageMode;
import io.millrace.datasets.TinyDataset;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStampsTest {
  @TempDir private Path folder;

  private static void cutShort(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 1);
    }
  }

  @Test
  void aMappedDatasetThatWasCutShortIsNoticedBeforeItIsRead() throws IOException {
    Path graph = folder.resolve("graph");
    TinyDataset.save(graph);
    Path features = graph.resolve(DatasetFile.FEATURES.path());
    try (GraphDataset mapped = GraphDataset.open(graph, StorageMode.MAPPED);
        GraphDataset copied = GraphDataset.open(graph, StorageMode.IN_MEMORY)) {
      mapped.requireUnchanged();
      cutShort(features);
      Expect.badInput(
          mapped::requireUnchanged, "file was changed while it was in use: file=" + features);
      copied.requireUnchanged(); // it no longer needs the file
      Files.delete(features);
      mapped.requireUnchanged(); // its content is still there
    }
  }
}
