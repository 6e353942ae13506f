package io.millrace.bench.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.Progress;
import io.millrace.bench.TestGraphs;
import io.millrace.bench.explore.Forms;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.IsolatedLoader;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ExplorerTest {
  private static final CsrGraph GRAPH = TestGraphs.random(3000, 7);

  /** More than a scan takes, all, and few. */
  private static final int[] FANOUT = {40, -1, 3};

  @Test
  @Tag("exhaustive")
  void everyFormSamplesTheBatchesOfThePlainReference() {
    List<Explorer.Entry> entries = new ArrayList<>();
    entries.add(new Explorer.Entry("reference", new PlainSampler(GRAPH, FANOUT)));
    GraphCopies copies = GraphCopies.withHeap(GRAPH, Optional.of(GRAPH));
    for (SamplerVariant form : SamplerVariant.all()) {
      BatchSampler sampler = IsolatedLoader.newFactory().create(form, copies, FANOUT);
      entries.add(new Explorer.Entry(form.name(), sampler));
    }

    List<Measurement> measured = explorer(2, 3).measure(entries);

    assertEquals(entries.size(), measured.size());
    for (Measurement measurement : measured) {
      assertEquals(6, measurement.numBatches());
      assertEquals(measured.getFirst().digest(), measurement.digest(), measurement.name());
      assertEquals(measured.getFirst().edgesPerBatch(), measurement.edgesPerBatch());
      assertEquals(measured.getFirst().nodesPerBatch(), measurement.nodesPerBatch());
    }
  }

  @Test
  void theDesignSpaceIsWholeAndItsNamesDiffer() {
    Set<String> names =
        SamplerVariant.all().stream().map(SamplerVariant::name).collect(Collectors.toSet());

    assertEquals(1 + 5 * 2 * 4 * 2 + 3 * 2, SamplerVariant.all().size());
    assertEquals(SamplerVariant.all().size(), names.size());
    assertEquals("naive fastutil", SamplerVariant.all().getFirst().name());
  }

  @Test
  void refusesASamplerThatGivesAnotherBatchOnce() {
    BatchSampler right = new PlainSampler(GRAPH, 5, 5);
    for (int wrongCall :
        new int[] {1, 3, 7}) { // while warming up, and at the beginning and the end
      BatchSampler wrong = new WrongOnce(new PlainSampler(GRAPH, 5, 5), wrongCall);
      List<Explorer.Entry> entries =
          List.of(new Explorer.Entry("right", right), new Explorer.Entry("wrong", wrong));
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> explorer(2, 3).measure(entries));
      assertTrue(refused.getMessage().contains("wrong="), refused.getMessage());
    }
  }

  @Test
  void findsABatchThatDependsOnTheNumberOfThreads() {
    Explorer.Entry entry = new Explorer.Entry("right", new PlainSampler(GRAPH, 5, 5));
    Measurement expected = explorer(1, 4).measure(List.of(entry)).getFirst();
    SeedBatches batches = SeedBatches.of(TestGraphs.dataset(GRAPH), 50, 1);

    ThreadsAgree.check("right", () -> new PlainSampler(GRAPH, 5, 5), batches, expected, 3);
    assertThrows(
        IllegalStateException.class,
        () ->
            ThreadsAgree.check(
                "wrong",
                () -> new WrongOnce(new PlainSampler(GRAPH, 5, 5), 0),
                batches,
                expected,
                3));
  }

  @Test
  void isolatedFormsShareNoClasses() {
    GraphCopies copies = GraphCopies.mapped(GRAPH);
    BatchSampler one = IsolatedLoader.newFactory().create(SamplerVariant.NAIVE, copies, FANOUT);
    BatchSampler other = IsolatedLoader.newFactory().create(SamplerVariant.NAIVE, copies, FANOUT);
    BatchSampler own = new Forms().create(SamplerVariant.NAIVE, copies, FANOUT);

    assertEquals(3, Set.of(one.getClass(), other.getClass(), own.getClass()).size());
    assertEquals(own.getClass().getName(), one.getClass().getName());
  }

  private static Explorer explorer(int numRounds, int batchesPerRound) {
    GraphDataset data = TestGraphs.dataset(GRAPH);
    return new Explorer(
        SeedBatches.of(data, 50, 1), numRounds, batchesPerRound, Duration.ZERO, Progress.NONE);
  }

  /** Samples with another seed at one of its calls. */
  private static final class WrongOnce implements BatchSampler {
    private final BatchSampler sampler;
    private final int wrongCall;
    private int calls;

    private WrongOnce(BatchSampler sampler, int wrongCall) {
      this.sampler = sampler;
      this.wrongCall = wrongCall;
    }

    @Override
    public void sample(int[] seeds, long batchSeed) {
      sampler.sample(seeds, calls++ == wrongCall ? batchSeed + 1 : batchSeed);
    }

    @Override
    public int numNodes() {
      return sampler.numNodes();
    }

    @Override
    public long numEdges() {
      return sampler.numEdges();
    }

    @Override
    public long digest() {
      return sampler.digest();
    }
  }
}
