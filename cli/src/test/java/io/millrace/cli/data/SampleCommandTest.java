package io.millrace.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.millrace.cli.CommandRun;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.datasets.npy.NpzFile;
import io.millrace.datasets.npy.NumpyReader;
import io.millrace.sampler.EpochPlan;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import io.millrace.sampler.SampledBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCommandTest {
  @TempDir Path folder;
  private Path dataset;
  private Path out;

  @BeforeEach
  void importAGraph() throws IOException {
    StringBuilder edges = new StringBuilder("src,dst,weight\n");
    for (int i = 0; i < 600; i++) {
      edges.append("%d,%d,%d\n".formatted(i * 37 % 100, i * i % 89, i % 4));
    }
    Path file = Files.writeString(folder.resolve("edges.csv"), edges);
    dataset = folder.resolve("data");
    out = folder.resolve("batches.npz");
    CommandRun.ok("import", "edges", file, "--weight-column", "weight", "--out", dataset);
  }

  @Test
  void writesTheBatchesOfTheSampler() {
    Path seeds = seeds(50);
    JsonObject json =
        CommandRun.ok(
                "sample",
                dataset,
                "--out",
                out,
                "--seeds",
                seeds,
                "--fanout",
                "3,2",
                "--seed",
                5,
                "--epoch",
                2,
                "--batch-size",
                20,
                "--edge-positions",
                "--json",
                "-")
            .json();
    assertEquals(3, json.get("batches").getAsInt());
    try (GraphDataset data = GraphDataset.open(dataset);
        NpzFile found = NpzFile.open(out)) {
      EpochPlan.Epoch epoch = EpochPlan.inOrder(IntStream.range(0, 50).toArray(), 20, 5).epoch(1);
      NeighborSampler sampler =
          NeighborSampler.builder(data.graph(), Fanout.of(3, 2)).edgePositions(true).build();
      for (int b = 0; b < 3; b++) {
        SampledBatch batch = sampler.sample(epoch.seeds(b), epoch.batchSeed(b));
        String prefix = "b" + b + "_";
        assertArrayEquals(used(batch.nodes(), batch.numNodes()), longs(found, prefix + "nodes"));
        assertArrayEquals(
            used(batch.seedLocalIds(), batch.seedLocalIds().length),
            longs(found, prefix + "seeds"));
        for (int l = 0; l < 2; l++) {
          var layer = batch.layer(l);
          String name = prefix + "l" + l + "_";
          assertArrayEquals(
              used(layer.indptr(), layer.numDst() + 1), longs(found, name + "indptr"));
          assertArrayEquals(
              used(layer.indices(), layer.numEdges()), longs(found, name + "indices"));
          long[] positions = longs(found, name + "positions");
          assertArrayEquals(Arrays.copyOf(layer.positions(), layer.numEdges()), positions);
          for (int e = 0; e < positions.length; e++) {
            assertEquals(batch.nodes()[layer.indices()[e]], data.graph().neighbor(positions[e]));
          }
          assertFalse(found.has(name + "scale"));
        }
      }
    }
  }

  private Path seeds(int count) {
    try {
      return Files.writeString(
          folder.resolve("seeds.txt"),
          String.join("\n", IntStream.range(0, count).mapToObj(Integer::toString).toList()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long[] used(int[] values, int count) {
    return Arrays.stream(values, 0, count).asLongStream().toArray();
  }

  private static long[] longs(NpzFile file, String name) {
    try (NumpyReader reader = file.read(name)) {
      long[] values = new long[(int) reader.numElements()];
      reader.next(values, values.length);
      return values;
    }
  }

  @Test
  void anEstimateComesWithItsScale() {
    CommandRun.ok(
        "sample",
        dataset,
        "--out",
        out,
        "--seeds",
        seeds(90),
        "--fanout",
        "-1",
        "--draw",
        "weighted-estimate",
        "--edge-positions");
    try (GraphDataset data = GraphDataset.open(dataset);
        NpzFile found = NpzFile.open(out);
        NumpyReader reader = found.read("b0_l0_scale")) {
      long[] positions = longs(found, "b0_l0_positions");
      float[] scale = new float[positions.length];
      reader.next(scale);
      assertTrue(scale.length > 100);
      for (int e = 0; e < scale.length; e++) {
        assertEquals(data.edges().weight(positions[e]), scale[e]);
        assertTrue(scale[e] > 0);
      }
    }
  }

  @Test
  void samplesTheTrainingNodesAsATrainingDoes() {
    Path planted = folder.resolve("planted");
    CommandRun.ok("generate", "planted", "--nodes", 500, "--out", planted);
    CommandRun.ok(
        "sample", planted, "--out", out, "--fanout", "4", "--batch-size", 64, "--batches", 2);
    try (GraphDataset data = GraphDataset.open(planted);
        NpzFile found = NpzFile.open(out)) {
      EpochPlan.Epoch epoch = EpochPlan.of(data.nodes(Split.TRAIN), 64, 0).epoch(0);
      for (int b = 0; b < 2; b++) {
        long[] nodes = longs(found, "b" + b + "_nodes");
        assertArrayEquals(used(epoch.seeds(b), 64), Arrays.copyOf(nodes, 64));
      }
      assertFalse(found.has("b2_nodes"));
    }
  }

  @Test
  void rejectsWhatCannotWork() throws IOException {
    Path plain = folder.resolve("plain");
    CommandRun.ok("import", "edges", folder.resolve("edges.csv"), "--out", plain);
    CommandRun.of("sample", plain, "--out", out, "--seeds", seeds(5), "--draw", "weighted")
        .assertBadInput("edges of the dataset have no weights", "dataset=edges");
    CommandRun.of("sample", dataset, "--out", out, "--seeds", seeds(5), "--draw", "best")
        .assertBadInput("no such draw", "weighted-estimate");
    CommandRun.of("sample", dataset, "--out", out, "--seeds", seeds(5), "--split", "train")
        .assertBadInput("--seeds and --split exclude each other");
    CommandRun.of("sample", dataset, "--out", out).assertBadInput("no such split");
    CommandRun.of("sample", dataset, "--out", out, "--seeds", seeds(5), "--epoch", "0")
        .assertBadInput("--epoch");
    assertFalse(Files.exists(out));
    Files.writeString(out, "mine");
    CommandRun.of("sample", dataset, "--out", out, "--seeds", seeds(5)).assertBadInput("exists");
    assertEquals("mine", Files.readString(out));
  }

  @Test
  void trainingRefusesAnEstimateAndWeightsThatAreNotThere() {
    CommandRun.of("train", "--draw", "weighted", "--epochs", "1", "--quiet")
        .assertBadInput("edges of the dataset have no weights");
    CommandRun.of("train", "--draw", "weighted-estimate", "--epochs", "1", "--quiet")
        .assertBadInput("the model does not use the scale of an estimate");
  }
}
