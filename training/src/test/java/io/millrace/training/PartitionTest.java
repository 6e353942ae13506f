package io.millrace.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.FeatureType;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Split;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.IdMapKind;
import io.millrace.slicing.partition.Assignment;
import io.millrace.slicing.partition.PartWriter;
import io.millrace.slicing.partition.StreamingPartitioner;
import io.millrace.training.files.ModelFile;
import io.millrace.training.inference.GraphInference;
import io.millrace.training.models.GraphSage;
import io.millrace.training.nn.GraphModel;
import io.millrace.training.nn.Norm;
import io.millrace.training.parallel.PartitionReport;
import io.millrace.training.parallel.PartitionSettings;
import io.millrace.training.scoring.NodeScorer;
import io.millrace.transfer.BatchPipeline;
import io.millrace.transfer.PipelineSettings;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training whose feature rows are divided among ranks. */
class PartitionTest {
  private static final GraphModel MODEL = GraphSage.of(8, 2).norm(Norm.BATCH).dropout(0.3);

  private final GraphDataset data = Planted.dataset();

  @TempDir private Path folder;

  @AfterEach
  void close() {
    data.close();
  }

  private TrainerBuilder builder() {
    return builder(data);
  }

  private static TrainerBuilder builder(GraphDataset data) {
    return GraphTrainer.builder(data)
        .model(MODEL)
        .fanout(4, 3)
        .evalFanout(4, 3)
        .batchSize(60)
        .virtualNodes(6)
        .learningRate(0.02)
        .computeThreads(1);
  }

  private TrainerBuilder divided(Collective rank, double cacheShare) {
    Assignment assignment = StreamingPartitioner.partition(data, rank.size());
    return divided(data, assignment, rank, cacheShare);
  }

  private static TrainerBuilder divided(
      GraphDataset data, Assignment assignment, Collective rank, double cacheShare) {
    return builder(data)
        .collective(rank)
        .partition(
            new PartitionSettings(
                assignment,
                cacheShare,
                InetAddress.getLoopbackAddress(),
                Optional.empty(),
                Duration.ofSeconds(20)));
  }

  /** Each rank has a dataset with the rows of its part only. */
  private static Outcome trainPart(Path parts, Collective rank, double cacheShare, int numEpochs) {
    try (GraphDataset part = GraphDataset.open(PartWriter.directory(parts, rank.rank()))) {
      return train(divided(part, Assignment.of(part), rank, cacheShare), numEpochs);
    }
  }

  /** The folder of the parts of a dataset. */
  private Path cut(GraphDataset data, int size, String name) {
    Path whole = folder.resolve(name);
    Path parts = folder.resolve(name + "-parts" + size);
    data.save(whole);
    try (GraphDataset saved = GraphDataset.open(whole)) {
      Assignment assignment = StreamingPartitioner.partition(saved, size);
      PartWriter.write(whole, saved, assignment, parts, Progress.NONE);
    }
    return parts;
  }

  private record Outcome(String figures, PartitionReport report) {}

  private static Outcome train(TrainerBuilder builder, int numEpochs) {
    try (GraphTrainer trainer = builder.build()) {
      StringBuilder figures = new StringBuilder();
      for (int e = 0; e < numEpochs; e++) {
        EpochReport report = trainer.epoch();
        figures.append(report.training()).append(report.stats().batchesDigest());
        figures.append(trainer.evaluate(Split.VALID));
      }
      figures.append(SharedTraining.weights(trainer));
      return new Outcome(figures.toString(), trainer.partition().orElse(null));
    }
  }

  private void assertSameAsWhole(int size, double cacheShare, int numEpochs) {
    Path parts = cut(data, size, "whole");
    String expected = train(builder(), numEpochs).figures;
    List<SharedTraining.End<Outcome>> ends = new ArrayList<>();
    ends.addAll(
        SharedTraining.inProcess(size, rank -> train(divided(rank, cacheShare), numEpochs)));
    ends.addAll(
        SharedTraining.inProcess(size, rank -> trainPart(parts, rank, cacheShare, numEpochs)));
    for (SharedTraining.End<Outcome> end : ends) {
      assertEquals(expected, end.get().figures);
      PartitionReport report = end.get().report;
      assertEquals(size == 1, report.remoteRows() + report.cachedRows() == 0, report.toString());
      assertEquals(cacheShare == 0 || size == 1, report.cachedRows() == 0, report.toString());
      assertTrue(report.localRows() > 0, report.toString());
    }
  }

  @Test
  void weightsDigestsAndFiguresAreThoseOfRowsInOnePlace() {
    assertSameAsWhole(2, 0.1, 1);
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @CsvSource({"1,0", "1,.1", "1,1", "2,0", "2,.1", "2,1", "3,0", "3,.1", "3,1"})
  void everyNumberOfPartsAndEveryCacheGiveTheSameBits(int size, double cacheShare) {
    assertSameAsWhole(size, cacheShare, 2);
  }

  /** With one slot each, ranks whose slots all wait for rows of the other still answer it. */
  @Test
  void ranksWithASingleSlotDoNotWaitForEachOtherForEver() {
    SharedTraining.inProcess(
            2,
            rank -> {
              try (GraphTrainer trainer =
                  divided(rank, 0)
                      .pipeline(
                          new PipelineSettings(
                              OptionalInt.of(1),
                              OptionalInt.of(1),
                              OptionalInt.empty(),
                              IdMapKind.AUTO,
                              Optional.empty()))
                      .build()) {
                return trainer.epoch();
              }
            })
        .forEach(SharedTraining.End::get);
  }

  @Test
  void fetchedRowsAreAboutThosePredicted() {
    for (SharedTraining.End<Outcome> end :
        SharedTraining.inProcess(2, rank -> train(divided(rank, 0.2), 2))) {
      PartitionReport report = end.get().report;
      assertEquals(1, report.predictedRemoteRows() / report.remoteRows(), 0.1, report.toString());
    }
  }

  @Test
  void rejectsPartsOfDatasetsThatDoNotBelongToTheRanks() {
    Path parts = cut(data, 2, "one");
    String swapped =
        failures(
            rank -> {
              try (GraphDataset part =
                  GraphDataset.open(PartWriter.directory(parts, 1 - rank.rank()))) {
                return train(divided(part, Assignment.of(part), rank, 0), 1);
              }
            });
    assertTrue(swapped.contains("a rank needs its own part of the dataset: rank=0"), swapped);
    Path others;
    try (GraphDataset other = Planted.builder(FeatureType.FLOAT16).build()) {
      others = cut(other, 2, "other");
    }
    String mixed = failures(rank -> trainPart(rank.rank() == 0 ? parts : others, rank, 0, 1));
    assertTrue(mixed.startsWith("all ranks need the same dataset: rank 0=planted "), mixed);
  }

  @Test
  void rejectsPartsOfOtherDivisions() {
    Path two = cut(data, 2, "two");
    Path three = cut(data, 3, "three");
    String counts = failures(rank -> trainPart(rank.rank() == 0 ? two : three, rank, 0, 1));
    assertTrue(counts.startsWith("all ranks need the same partition: rank 0=2 parts, "), counts);
    assertTrue(counts.contains(", rank 1=3 parts, "), counts);
    Path whole = folder.resolve("two");
    Path reversed = folder.resolve("reversed");
    try (GraphDataset saved = GraphDataset.open(whole)) {
      Assignment first = StreamingPartitioner.partition(saved, 2);
      int[] other = IntStream.range(0, first.numNodes()).map(node -> 1 - first.of(node)).toArray();
      PartWriter.write(whole, saved, Assignment.of(2, other), reversed, Progress.NONE);
    }
    String divisions = failures(rank -> trainPart(rank.rank() == 0 ? two : reversed, rank, 0, 1));
    assertTrue(divisions.startsWith("all ranks need the same partition: "), divisions);
  }

  @Test
  void whatReadsAllFeaturesRefusesAPart() {
    Path parts = cut(data, 2, "refused");
    Path copy = folder.resolve("copy");
    ModelFile model;
    try (GraphTrainer trainer = builder().build()) {
      model = trainer.model();
    }
    try (GraphDataset part = GraphDataset.open(PartWriter.directory(parts, 0))) {
      for (Executable it :
          List.<Executable>of(
              () -> builder(part).build(),
              () -> GraphInference.builder(part, model).build(),
              () -> NodeScorer.builder(part, model).build(),
              () -> BatchPipeline.builder(part, Fanout.of(4, 3)).build(),
              () -> part.save(copy))) {
        assertEquals(
            "a part of a dataset has the features of some nodes, so all that can be done with it"
                + " is to train it with ranks that have the other parts: dataset=planted, part=0,"
                + " parts=2",
            assertThrows(BadInputException.class, it).getMessage());
      }
    }
    assertFalse(Files.exists(copy));
  }

  /** The message of rank 0, all having failed. */
  private static String failures(SharedTraining.Body<Outcome> body) {
    List<SharedTraining.End<Outcome>> ends = SharedTraining.inProcess(2, body);
    ends.forEach(end -> assertTrue(end.failure().isPresent()));
    return ends.getFirst().failure().orElseThrow().getMessage();
  }

  @Test
  void rejectsPartsThatAreNotThoseOfTheRanks() {
    try (Collective alone = InProcessCollective.alone()) {
      TrainerBuilder builder =
          builder()
              .collective(alone)
              .partition(
                  new PartitionSettings(
                      StreamingPartitioner.partition(data, 2),
                      0,
                      InetAddress.getLoopbackAddress(),
                      Optional.empty(),
                      Duration.ofSeconds(1)));
      BadInputException e = assertThrows(BadInputException.class, builder::build);
      assertEquals("each rank needs a part of the rows: parts=2, ranks=1", e.getMessage());
    }
    List<SharedTraining.End<Outcome>> ends =
        SharedTraining.inProcess(
            2,
            rank ->
                train(
                    builder()
                        .collective(rank)
                        .partition(
                            new PartitionSettings(
                                StreamingPartitioner.partition(data, 2 + rank.rank()),
                                0,
                                InetAddress.getLoopbackAddress(),
                                Optional.empty(),
                                Duration.ofSeconds(1))),
                    1));
    String message = ends.getFirst().failure().orElseThrow().getMessage();
    assertTrue(message.startsWith("all ranks need the same partition: rank 0=2 parts"), message);
  }
}
