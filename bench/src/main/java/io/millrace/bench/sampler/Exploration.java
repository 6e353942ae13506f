package io.millrace.bench.sampler;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.bench.explore.Forms;
import io.millrace.bench.variant.BatchSampler;
import io.millrace.bench.variant.GraphCopies;
import io.millrace.bench.variant.IsolatedLoader;
import io.millrace.bench.variant.SamplerVariant;
import io.millrace.bench.variant.SamplerVariant.Memory;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.sampler.Fanout;
import io.millrace.sampler.NeighborSampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code bench sampler --explore}: measures the design space on one thread. The next class to read
 * is {@link Explorer}.
 */
final class Exploration {
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private Exploration() {}

  /**
   * @param data opened as any program would
   * @param mapped the same dataset, mapped
   * @param only which forms, by a regular expression that is found in their names; the naive one is
   *     always there
   */
  static ExploreResult run(
      GraphDataset data,
      GraphDataset mapped,
      SamplerSettings settings,
      Optional<Pattern> only,
      Progress progress) {
    List<SamplerVariant> named = forms(only);
    Optional<CsrGraph> inMemory =
        data.graph().indices().isMapped() ? Optional.empty() : Optional.of(data.graph());
    GraphCopies graph =
        named.stream().anyMatch(form -> form.memory() == Memory.HEAP)
            ? GraphCopies.withHeap(mapped.graph(), inMemory)
            : new GraphCopies(mapped.graph(), inMemory, new long[0], new int[0]);
    List<SamplerVariant> forms = named.stream().filter(form -> graph.has(form.memory())).toList();
    for (Memory memory : Memory.values()) {
      if (!graph.has(memory) && named.stream().anyMatch(form -> form.memory() == memory)) {
        progress.note("the graph is too large for variants: " + memory.label());
      }
    }
    List<Explorer.Entry> entries = new ArrayList<>();
    for (SamplerVariant form : forms) {
      BatchSampler sampler =
          IsolatedLoader.newFactory().create(form, graph, settings.fanoutPerHop());
      entries.add(new Explorer.Entry(form.name(), sampler));
    }
    SeedBatches batches = SeedBatches.of(data, settings.batchSize(), settings.seed());
    List<Measurement> measured =
        new Explorer(batches, settings.numRounds(), settings.numBatches(), WARM_UP, progress)
            .measure(entries);
    checkThreads(graph, batches, settings, measured.getFirst());
    String chosen =
        new SamplerVariant.Product(
                defaultIdMap(data.graph()), inMemory.isPresent() ? Memory.IN_MEMORY : Memory.MAPPED)
            .name();
    return new ExploreResult(forms, measured, chosen);
  }

  private static List<SamplerVariant> forms(Optional<Pattern> only) {
    List<SamplerVariant> forms =
        SamplerVariant.all().stream()
            .filter(
                form ->
                    form.equals(SamplerVariant.NAIVE)
                        || only.isEmpty()
                        || only.get().matcher(form.name()).find())
            .toList();
    if (only.isPresent()
        && forms.size() == 1
        && !only.get().matcher(SamplerVariant.NAIVE.name()).find()) {
      throw BadInputException.of("no variant has such a name", "--only", only.get());
    }
    return forms;
  }

  private static void checkThreads(
      GraphCopies graph, SeedBatches batches, SamplerSettings settings, Measurement expected) {
    for (SamplerVariant.IdMap idMap :
        List.of(SamplerVariant.IdMap.FLAT_HASH, SamplerVariant.IdMap.DIRECT_ADDRESS)) {
      SamplerVariant form = new SamplerVariant.Product(idMap, Memory.MAPPED);
      ThreadsAgree.check(
          form.name(),
          () -> new Forms().create(form, graph, settings.fanoutPerHop()),
          batches,
          expected,
          settings.maxThreads());
    }
  }

  /** The id map that the product chooses by default. */
  static SamplerVariant.IdMap defaultIdMap(CsrGraph graph) {
    return SamplerVariant.IdMap.of(NeighborSampler.of(graph, Fanout.of()).idMap());
  }
}
