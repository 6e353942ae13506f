package io.millrace.bench;

import io.millrace.bench.Form.Memory;
import io.millrace.bench.explore.Forms;
import io.millrace.datasets.BadInputException;
import io.millrace.datasets.CsrGraph;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.Progress;
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
   * @param only which forms, by a regular expression that is found in their names; the naive one is
   *     always there
   */
  static ExploreResult run(
      GraphDataset data, SamplerSettings settings, Optional<Pattern> only, Progress progress) {
    List<Form> forms = forms(only);
    GraphCopies graph =
        forms.stream().anyMatch(form -> form.memory() == Memory.HEAP)
            ? GraphCopies.withHeap(data.graph())
            : GraphCopies.mappedOnly(data.graph());
    if (!forms.stream().allMatch(form -> graph.has(form.memory()))) {
      progress.note(
          "the graph has more edges than a Java array holds: variants on the heap left out");
      forms = forms.stream().filter(form -> graph.has(form.memory())).toList();
    }
    List<Explorer.Entry> entries = new ArrayList<>();
    for (Form form : forms) {
      BatchSampler sampler =
          IsolatedLoader.newFactory().create(form, graph, settings.fanoutPerHop());
      entries.add(new Explorer.Entry(form.name(), sampler));
    }
    SeedBatches batches = SeedBatches.of(data, settings.batchSize(), settings.seed());
    List<Measurement> measured =
        new Explorer(batches, settings.numRounds(), settings.numBatches(), WARM_UP, progress)
            .measure(entries);
    checkThreads(graph, batches, settings, measured.getFirst());
    String chosen = new Form.Product(defaultIdMap(data.graph()), Memory.MAPPED).name();
    return new ExploreResult(forms, measured, chosen);
  }

  private static List<Form> forms(Optional<Pattern> only) {
    List<Form> forms =
        Form.all().stream()
            .filter(
                form ->
                    form.equals(Form.NAIVE)
                        || only.isEmpty()
                        || only.get().matcher(form.name()).find())
            .toList();
    if (only.isPresent() && forms.size() == 1 && !only.get().matcher(Form.NAIVE.name()).find()) {
      throw BadInputException.of("no variant has such a name", "--only", only.get());
    }
    return forms;
  }

  private static void checkThreads(
      GraphCopies graph, SeedBatches batches, SamplerSettings settings, Measurement expected) {
    for (Form.IdMap idMap : List.of(Form.IdMap.FLAT_HASH, Form.IdMap.DIRECT_ADDRESS)) {
      Form form = new Form.Product(idMap, Memory.MAPPED);
      ThreadsAgree.check(
          form.name(),
          () -> new Forms().create(form, graph, settings.fanoutPerHop()),
          batches,
          expected,
          settings.maxThreads());
    }
  }

  /** The id map that the product takes unless it is told. */
  static Form.IdMap defaultIdMap(CsrGraph graph) {
    return switch (NeighborSampler.of(graph, Fanout.of()).idMap()) {
      case FLAT_HASH -> Form.IdMap.FLAT_HASH;
      case DIRECT_ADDRESS -> Form.IdMap.DIRECT_ADDRESS;
      case AUTO -> throw new IllegalStateException("a sampler has one of the maps");
    };
  }
}
