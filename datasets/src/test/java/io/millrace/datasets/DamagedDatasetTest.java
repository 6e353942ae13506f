package io.millrace.datasets;

import io.millrace.Progress;
import io.millrace.datasets.generator.GeneratorOptions;
import io.millrace.datasets.generator.GraphGenerator;
import io.millrace.datasets.inspect.DatasetInspector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way a dataset directory can be wrong; {@code open} and {@code inspect} must agree. */
class DamagedDatasetTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void save() {
    path = TinyDataset.save(folder.resolve("tiny"));
  }

  private void rejects(String... parts) {
    for (Consumer<Path> reader : Stream.<Consumer<Path>>of(this::open, this::inspect).toList()) {
      Expect.badInput(() -> reader.accept(path), parts);
    }
  }

  private void open(Path directory) {
    GraphDataset.open(directory).close();
  }

  private void inspect(Path directory) {
    DatasetInspector.inspect(directory, Progress.NONE);
  }

  @Test
  void rejectsWhatIsNoDatasetDirectory() throws Exception {
    Files.delete(path.resolve("dataset.yaml"));
    rejects("not a dataset directory: path=" + path + ", missing=dataset.yaml");
    path = folder.resolve("none");
    rejects("not a dataset directory: path=" + path);
    path = Files.writeString(folder.resolve("file"), "x");
    rejects("not a dataset directory: path=" + path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"indptr.npy", "indices.npy", "features.npy", "labels.npy", "split/valid.npy"})
  void rejectsAMissingATruncatedAndALongerFile(String name) throws Exception {
    Path file = path.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    rejects("missing file: file=" + file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    rejects("file has the wrong size: file=" + file, "bytes=" + (bytes.length - 1));
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 4));
    rejects("file has the wrong size: file=" + file, "need=" + bytes.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"name: tiny", "directed: false", "source: in memory", "format: 1", "bytes"})
  void rejectsADescriptionThatWasChanged(String text) throws Exception {
    Path yaml = path.resolve("dataset.yaml");
    String whole = Files.readString(yaml);
    Files.writeString(yaml, whole.replace(text, text + " "));
    rejects("checksum differs: the file was changed or damaged", "file=" + yaml, "need=");
    Files.writeString(yaml, whole.replace("sha256: ", "sha256: 0"));
    rejects("checksum differs", "need=0");
  }

  @Test
  void rejectsPathsThatLeadOutOfTheDirectory() throws Exception {
    for (String strange : new String[] {"../x.npy", "/x.npy", "split/../x.npy", "\"a\\0\""}) {
      path = TinyDataset.save(folder.resolve("strange" + folder.toFile().list().length));
      TinyDataset.editYaml(path, "  labels.npy:", "  " + strange + ":");
      rejects("wrong value in description: file=" + path, "key=files", "paths in the dataset's");
    }
  }

  @Test
  void rejectsWrongMagic() throws Exception {
    TinyDataset.putInt(path.resolve("labels.npy"), (128 + 20) / 4, 0);
    rejects("not an npy file (wrong magic): file=" + path.resolve("labels.npy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "num_nodes: 5|num_nodes: 4|shape does not fit",
        "num_nodes: 5|num_nodes: -1|wrong value",
        "num_nodes: 5|num_nodes: 99999999999|wrong value",
        "num_nodes: 5|num_nodes: many|wrong value",
        "num_nodes: 5|nodes: 5|missing key",
        "num_edges: 9|num_edges: 8|shape does not fit",
        "feature_dim: 2|feature_dim: 1|shape does not fit",
        "feature_dtype: float32|feature_dtype: float16|wrong dtype",
        "feature_dtype: float32|feature_dtype: int8|wrong value",
        "num_classes: 2|num_classes: 1|label out of range",
        "directed: false|directed: perhaps|wrong value",
        "format: 1|format: 2|another version",
        "name: tiny|name: [|not valid YAML",
        "  labels.npy:|  other.npy:|missing file",
      })
  void rejectsADescriptionThatDoesNotFit(String fromToRule) throws Exception {
    String[] parts = fromToRule.split("\\|");
    TinyDataset.editYaml(path, parts[0], parts[1]);
    rejects(parts[2], path.toString());
  }

  @Test
  void rejectsADescriptionThatIsNoMapping() throws Exception {
    Files.writeString(path.resolve("dataset.yaml"), "- 1\n- 2\n");
    rejects("must be a mapping");
    Files.write(path.resolve("dataset.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 7});
    rejects("dataset.yaml");
  }

  @Test
  void rejectsANeighbourOutOfRange() throws Exception {
    TinyDataset.putInt(path.resolve("indices.npy"), 2, 5);
    rejects("neighbour id out of range: file=", "position=7, id=5, numNodes=5");
    TinyDataset.putInt(path.resolve("indices.npy"), 9, -1);
    rejects("neighbour id out of range: file=", "position=0, id=-1, numNodes=5");
  }

  @Test
  void rejectsRowBoundsThatFall() throws Exception {
    putLong(path.resolve("indptr.npy"), 2, 100);
    rejects("indptr must not decrease", "node=2, start=100");
    putLong(path.resolve("indptr.npy"), 2, -100);
    rejects("indptr must not decrease", "node=1", "end=-100");
    putLong(path.resolve("indptr.npy"), 2, Long.MIN_VALUE);
    rejects("indptr must not decrease", "node=1");
  }

  @Test
  void rejectsRowBoundsThatDoNotSpanTheEdges() throws Exception {
    putLong(path.resolve("indptr.npy"), 5, 8);
    rejects("indptr must run from 0 to the number of edges", "last=8, edges=9", "indptr.npy");
    putLong(path.resolve("indptr.npy"), 0, 1);
    rejects("indptr must run from 0", "first=1");
  }

  private static void putLong(Path file, int index, long value) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(bytes.putLong(value).flip(), 128 + index * 8L);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void rejectsAFeatureThatIsNotFinite(float value) throws Exception {
    TinyDataset.putInt(path.resolve("features.npy"), 3, Float.floatToIntBits(value));
    rejects("feature is not finite: file=", "node=3, column=1, value=" + value);
  }

  @Test
  void rejectsAFloat16FeatureThatIsNotFinite() throws Exception {
    GeneratorOptions options =
        GeneratorOptions.of(4, 8).withFeatures(2, FeatureType.FLOAT16).withSeed(1);
    path = folder.resolve("half");
    GraphGenerator.CHUNG_LU.generate(options, path, Progress.NONE);
    open(path);
    TinyDataset.putInt(path.resolve("features.npy"), 2, 0x7c000000);
    rejects("feature is not finite: file=", "node=2, column=1, value=Infinity");
  }

  @Test
  void rejectsALabelOutOfRange() throws Exception {
    TinyDataset.putInt(path.resolve("labels.npy"), 4, 2);
    rejects("label out of range: file=", "node=1, label=2, numClasses=2");
    TinyDataset.putInt(path.resolve("labels.npy"), 4, -2);
    rejects("label out of range: file=", "node=1, label=-2, numClasses=2");
  }

  @Test
  void rejectsSplitsThatOverlap() throws Exception {
    TinyDataset.putInt(path.resolve("split/test.npy"), 1, 2);
    rejects("splits overlap: dataset=" + path, "split=test, position=0, node=2, alsoIn=train");
    TinyDataset.putInt(path.resolve("split/test.npy"), 1, 5);
    rejects("split node out of range: dataset=" + path, "split=test, position=0, node=5");
    TinyDataset.putInt(path.resolve("split/train.npy"), 1, 2);
    rejects("node stands twice in a split: dataset=" + path, "split=train, position=1, node=2");
  }
}
