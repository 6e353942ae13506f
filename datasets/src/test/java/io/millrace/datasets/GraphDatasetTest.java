package io.millrace.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.datasets.csr.CsrBuilder;
import io.millrace.datasets.csr.EdgeOptions;
import io.millrace.datasets.platform.CLibrary;
import io.millrace.datasets.platform.MappingFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphDatasetTest {
  @TempDir Path folder;

  @Test
  void opensWhatItSaved() {
    Path path = TinyDataset.save(folder.resolve("tiny"));
    try (GraphDataset memory = TinyDataset.create();
        GraphDataset disk = GraphDataset.open(path)) {
      assertEquals("tiny", disk.name());
      assertEquals(ReferenceCsr.rows(memory.graph()), ReferenceCsr.rows(disk.graph()));
      assertEquals(-6, disk.features().get(2, 1));
      assertEquals(2, disk.labels().numClasses());
      assertArrayEquals(new int[] {0, 1, 1, -1, 0}, disk.labels().values().toArray(JAVA_INT));
      assertArrayEquals(new int[] {2, 0}, disk.nodes(Split.TRAIN));
      assertEquals(memory.fingerprint(), disk.fingerprint());
      assertEquals(memory.description().files(), disk.description().files());
    }
  }

  @Test
  void holdsTheSameInMemoryAsInItsFiles() throws Exception {
    Path path = TinyDataset.save(folder.resolve("tiny"));
    try (GraphDataset mapped = GraphDataset.open(path, StorageMode.MAPPED);
        GraphDataset copied = GraphDataset.open(path, StorageMode.IN_MEMORY)) {
      assertEquals(ReferenceCsr.rows(mapped.graph()), ReferenceCsr.rows(copied.graph()));
      assertEquals(-1, mapped.features().rows().mismatch(copied.features().rows()));
      assertEquals(-1, mapped.labels().values().mismatch(copied.labels().values()));
      assertTrue(mapped.graph().indices().isMapped());
      assertFalse(copied.graph().indices().isMapped());
    }
  }

  @Test
  void tellsTheSystemThatMappedFilesStayInMemory() throws Exception {
    assumeTrue(CLibrary.LINUX);
    Path path = TinyDataset.save(folder.resolve("tiny"));
    try (GraphDataset _ = GraphDataset.open(path, StorageMode.MAPPED)) {
      for (String file : List.of("indptr.npy", "indices.npy", "features.npy")) {
        assertEquals(Set.of("hg"), MappingFlags.advice(path.resolve(file)));
      }
    }
  }

  @Test
  void isInMemoryByDefaultIfThatTakesAQuarterOfWhatThereIs() {
    assertEquals(StorageMode.IN_MEMORY, StorageMode.AUTO.resolve(25, 100));
    assertEquals(StorageMode.MAPPED, StorageMode.AUTO.resolve(26, 100));
    assertEquals(StorageMode.MAPPED, StorageMode.MAPPED.resolve(1, 100));
    assertEquals(StorageMode.IN_MEMORY, StorageMode.IN_MEMORY.resolve(101, 100));
  }

  @Test
  void isOnDiskByDefaultIfThatTakesMoreThanHalfOfWhatThereIs() throws Exception {
    assertEquals(StorageMode.MAPPED, StorageMode.AUTO.resolve(50, 100));
    assertEquals(StorageMode.DISK, StorageMode.AUTO.resolve(51, 100));
    assertEquals(StorageMode.DISK, StorageMode.DISK.resolve(1, 100));
    Path path = TinyDataset.save(folder.resolve("tiny"));
    for (StorageMode mode : StorageMode.values()) {
      try (GraphDataset data = GraphDataset.open(path, mode)) {
        assertEquals(mode == StorageMode.DISK, data.features().file().isPresent());
      }
    }
  }

  @Test
  void savesNothingButItsFiles() throws Exception {
    TinyDataset.save(folder.resolve("new/folders/tiny"));
    try (Stream<Path> paths = Files.walk(folder.resolve("new/folders"))) {
      List<String> names =
          paths.filter(Files::isRegularFile).map(p -> p.getFileName().toString()).sorted().toList();
      assertEquals(
          List.of(
              "dataset.yaml",
              "features.npy",
              "indices.npy",
              "indptr.npy",
              "labels.npy",
              "test.npy",
              "train.npy",
              "valid.npy"),
          names);
    }
  }

  @Test
  void saysWhetherAGraphInMemoryIsDirected() {
    int[] src = {0, 2, 1, 3, 2};
    int[] dst = {1, 1, 1, 2, 3};
    assertTrue(directed(CsrBuilder.build(4, src, dst, EdgeOptions.DIRECTED)));
    assertFalse(directed(CsrBuilder.build(4, src, dst, EdgeOptions.UNDIRECTED)));
    assertFalse(directed(CsrBuilder.build(4, src, dst, new EdgeOptions(true, false, true, false))));
    assertFalse(directed(CsrGraph.of(new long[] {0, 2, 3, 4}, new int[] {2, 1, 0, 0})));
    assertTrue(directed(CsrGraph.of(new long[] {0, 2, 3, 3}, new int[] {1, 1, 0})));
  }

  private boolean directed(CsrGraph graph) {
    Path saved = folder.resolve("saved" + System.nanoTime());
    try (GraphDataset dataset = GraphDataset.builder("g", graph).build()) {
      dataset.save(saved);
      try (GraphDataset disk = GraphDataset.open(saved)) {
        assertEquals(dataset.description().directed(), disk.description().directed());
        return disk.description().directed();
      }
    }
  }

  @Test
  void refusesFeaturesWithoutColumns() {
    Expect.badInput(() -> FeatureMatrix.of(0, new float[3]), "dim must be positive: dim=0");
    Expect.badInput(() -> FeatureMatrix.of(-2, new float[4]), "dim must be positive: dim=-2");
  }

  @Test
  void savesAndOpensTheSmallestGraphs() {
    int[] none = {};
    try (GraphDataset one =
        GraphDataset.builder("one", CsrBuilder.build(1, none, none, EdgeOptions.DIRECTED))
            .split(Split.TRAIN)
            .build()) {
      one.save(folder.resolve("one"));
    }
    try (GraphDataset disk = GraphDataset.open(folder.resolve("one"))) {
      assertEquals(1, disk.graph().numNodes());
      assertEquals(0, disk.graph().numEdges());
      assertEquals(0, disk.nodes(Split.TRAIN).length);
      assertFalse(disk.hasFeatures());
      assertFalse(disk.hasSplit(Split.TEST));
      Expect.badInput(disk::features, "dataset has no features: dataset=one");
      Expect.badInput(disk::labels, "dataset has no labels: dataset=one");
      Expect.badInput(() -> disk.nodes(Split.TEST), "dataset=one, split=test");
    }
  }

  @Test
  void hasAnotherFingerprintWhenAnyPartDiffers() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 2}, new int[] {1, 0});
    FeatureMatrix features = FeatureMatrix.of(1, new float[] {1, 2});
    List<GraphDataset> all =
        List.of(
            GraphDataset.builder("a", graph).build(),
            GraphDataset.builder("a", CsrGraph.of(new long[] {0, 1, 2}, new int[] {1, 1})).build(),
            GraphDataset.builder("a", graph).features(features).build(),
            GraphDataset.builder("a", graph).labels(NodeLabels.of(2, new int[] {1, 0})).build(),
            GraphDataset.builder("a", graph).split(Split.TRAIN, 0).build(),
            GraphDataset.builder("a", graph).split(Split.VALID, 0).build());
    assertEquals(6, all.stream().map(GraphDataset::fingerprint).distinct().count());
    assertEquals(all.get(0).fingerprint(), GraphDataset.builder("b", graph).build().fingerprint());
    assertEquals(16, all.get(0).fingerprint().length());
    assertNotEquals("0".repeat(16), all.get(0).fingerprint());
  }

  @Test
  void mayNotBeUsedAfterClose() {
    GraphDataset disk = GraphDataset.open(TinyDataset.save(folder.resolve("tiny")));
    disk.close();
    disk.close();
    assertThrows(IllegalStateException.class, () -> disk.graph().neighbor(0));
  }

  @Test
  void refusesToSaveOverSomething() throws Exception {
    Path there = Files.createDirectory(folder.resolve("there"));
    Expect.badInput(() -> TinyDataset.save(there), "output exists already: out=" + there);
    Path file = Files.writeString(folder.resolve("file"), "mine");
    Expect.badInput(() -> TinyDataset.save(file), "output exists already: out=" + file);
    assertEquals(0, there.toFile().list().length);
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void checksSplitsInMemoryToo() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 2}, new int[] {1, 0});
    Expect.badInput(
        () -> GraphDataset.builder("g", graph).split(Split.TRAIN, 0, 2).build(),
        "split node out of range: dataset=g, split=train, position=1, node=2, numNodes=2");
    Expect.badInput(
        () -> GraphDataset.builder("g", graph).split(Split.TEST, 1, 0, 1).build(),
        "node stands twice in a split: dataset=g, split=test, position=2, node=1");
    Expect.badInput(
        () ->
            GraphDataset.builder("g", graph).split(Split.TRAIN, 0).split(Split.TEST, 1, 0).build(),
        "splits overlap: dataset=g, split=test, position=1, node=0, alsoIn=train");
  }

  @Test
  void rejectsPartsOfAnotherGraph() {
    CsrGraph graph = CsrGraph.of(new long[] {0, 1, 2}, new int[] {1, 0});
    GraphDataset.Builder builder = GraphDataset.builder("g", graph);
    Expect.badInput(
        () -> builder.labels(NodeLabels.of(1, new int[3])), "one row per node", "rows=3");
    Expect.badInput(
        () -> builder.features(FeatureMatrix.of(1, new float[3])), "one row per node", "rows=3");
  }
}
