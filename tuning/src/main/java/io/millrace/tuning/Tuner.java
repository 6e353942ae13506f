package io.millrace.tuning;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.Require;
import io.millrace.datasets.StorageMode;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.PipelineSettings;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.PipelineModel;
import io.millrace.tuning.model.Resources;
import io.millrace.tuning.model.Setting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeSet;

/**
 * Finds workers, compute threads and slots for a training on this machine.
 *
 * <p>First it is decided where the data is, see {@link Storage}. Then short trainings are measured:
 * for some numbers of compute threads, one in which preparation and compute take turns (the fewest
 * slots), and one in which they overlap. {@link PipelineModel} predicts all other settings from
 * these costs. The best three predictions, the default and a deliberately bad setting are then
 * measured in turns, several rounds, and the best median wins. The default stays unless another is
 * better by 2 %. Of the memory that is left, the validation batches get some if that is worth it,
 * see {@link EvaluationCache}. No setting is tried whose batches the memory does not hold; the
 * default has fewer slots then.
 *
 * <p>Batches do not depend on any of it. Uses the calling thread and libtorch's threads; owns
 * nothing when it returns.
 */
public final class Tuner {
  /** Measured batches of each short training, by default. */
  public static final int BATCHES = 30;

  /** Rounds in which the candidates are measured in turns, by default. */
  public static final int ROUNDS = 3;

  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final int NUM_CANDIDATES = 3;
  private static final double WORTH_IT = 1.02;
  private static final int COMPARED = 3; // times as many rounds: differences of 5 % are to be seen

  private final TunedTraining training;
  private final int numBatches;
  private final int rounds;
  private final Resources resources;

  /**
   * @param training to be tuned
   * @param numBatches of each short training, after a warm-up of 10
   * @param rounds in which the best settings are measured in turns
   * @param resources that batches, dataset and cache must fit
   */
  public Tuner(TunedTraining training, int numBatches, int rounds, Resources resources) {
    this.resources = resources;
    this.training = training;
    this.numBatches = Require.positive("batches", numBatches);
    this.rounds = Require.positive("rounds", rounds);
  }

  /**
   * @param progress receives how many short trainings are done, of all
   * @throws BadInputException if the memory does not hold the batches that the model has open at a
   *     time
   */
  public TuneResult run(Progress progress) {
    Storage base = base();
    TracedRun.Size size = TracedRun.sizeOf(training.in(base).pipeline(pipeline(base)));
    TreeSet<Integer> threads = computeThreads();
    int mostChoices = NUM_CANDIDATES + 2;
    Counter counter = new Counter("short trainings", progress);
    counter.expect(1 + StorageSearch.MOST_TRAININGS + 2 * threads.size() + rounds * mostChoices);
    Choice bad = new Choice(new Setting(1, 1, size.fewestSlots()), base); // nothing overlaps
    double slotBytes = warmUp(bad, counter).costs().slotBytes();
    requireRoom(slotBytes, base, size);

    Setting standard = fitted(slotBytes, base, size);
    Setting turns = new Setting(1, resources.cores(), size.fewestSlots());
    StorageSearch search =
        new StorageSearch(
            training,
            resources,
            base,
            slotBytes * standard.slots(),
            storage -> counter.run(new Choice(turns, storage)));
    Storage storage = search.search(size.workers());
    counter.expect(2 * threads.size() + rounds * mostChoices);

    Setting overlapped = fitted(slotBytes, storage, size);
    Costs costs = measureCosts(threads, overlapped, storage, size, counter);
    costs = costs.reading(1 - search.cache().hitShare());
    PipelineModel model = new PipelineModel(costs, resources.memoryBytes(left(storage, size)));
    SequencedSet<Choice> choices = new LinkedHashSet<>();
    model.candidates().stream()
        .limit(NUM_CANDIDATES)
        .forEach(setting -> choices.add(new Choice(setting, storage)));
    Choice usual = new Choice(standard, base);
    choices.add(usual);
    choices.add(bad);
    counter.expect(rounds * choices.size());
    Map<Choice, Double> predicted = new LinkedHashMap<>();
    choices.forEach(it -> predicted.put(it, model.batchesPerSecond(it.setting())));
    Map<Choice, Double> measured = measure(choices, rounds, counter);
    Choice chosen = choose(measured, usual);
    return new TuneResult(
        costs,
        model,
        storage,
        search.cache(),
        evaluation(chosen, slotBytes, size),
        predicted,
        measured,
        chosen,
        usual,
        bad,
        counter.done);
  }

  /** The default, but mapped if the memory does not hold the dataset. */
  private Storage base() {
    boolean fits =
        StorageSearch.bytes(Storage.DEFAULT, training.data(), 1) < resources.memoryBytes();
    return fits ? Storage.DEFAULT : Storage.DEFAULT.residence(StorageMode.MAPPED);
  }

  /** Memory for batches. */
  private double left(Storage storage, TracedRun.Size size) {
    return resources.memoryBytes() - StorageSearch.bytes(storage, training.data(), size.workers());
  }

  /** The validation batches get what the chosen setting leaves of the memory. */
  private EvaluationCache evaluation(Choice chosen, double slotBytes, TracedRun.Size size) {
    double room = left(chosen.storage(), size) - slotBytes * chosen.setting().slots();
    return EvaluationCache.measure(builder(chosen), room);
  }

  /** The default's threads and slots, with no more slots than the memory holds. */
  private Setting fitted(double slotBytes, Storage storage, TracedRun.Size size) {
    double slots = Math.min(size.slots(), Math.floor(left(storage, size) / slotBytes));
    return new Setting(size.workers(), resources.cores(), (int) slots);
  }

  private void requireRoom(double slotBytes, Storage storage, TracedRun.Size size) {
    if (size.fewestSlots() * slotBytes > left(storage, size)) {
      throw BadInputException.of(
          "the memory does not hold the batches of any setting",
          "memoryBytes",
          (long) resources.memoryBytes(),
          "bytesPerBatch",
          (long) slotBytes,
          "batches",
          size.fewestSlots());
    }
  }

  /**
   * The JIT compiles what all short trainings run: the first one would be charged for it. On a
   * 2-core machine predictions were off by 23 % in the median without this.
   *
   * @param smallest setting, because no other is known to fit the memory
   * @return of the last training
   */
  private TracedRun warmUp(Choice smallest, Counter counter) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    TracedRun run = counter.run(smallest);
    while (System.nanoTime() < end) {
      run = run(smallest);
    }
    return run;
  }

  /** 1, 2, 4, ... and all cores. */
  private TreeSet<Integer> computeThreads() {
    TreeSet<Integer> threads = new TreeSet<>();
    for (int k = 1; k < resources.cores(); k *= 2) {
      threads.add(k);
    }
    threads.add(resources.cores());
    return threads;
  }

  private Costs measureCosts(
      TreeSet<Integer> threads,
      Setting standard,
      Storage storage,
      TracedRun.Size size,
      Counter counter) {
    List<StageCosts> alone = new ArrayList<>();
    Map<Integer, Costs.Compute> compute = new HashMap<>();
    for (int k : threads) {
      StageCosts turns =
          counter.run(new Choice(new Setting(1, k, size.fewestSlots()), storage)).costs();
      Setting both = new Setting(standard.workers(), k, standard.slots());
      StageCosts overlapped = counter.run(new Choice(both, storage)).costs();
      alone.add(turns);
      compute.put(
          k,
          new Costs.Compute(
              overlapped.computeCpu(),
              turns.compute(),
              overlapped.compute(),
              overlapped.prepare(),
              overlapped.busyWorkers()));
    }
    return new Costs(
        alone.stream().mapToDouble(StageCosts::prepareCpu).average().orElseThrow(),
        alone.stream().mapToDouble(StageCosts::prepare).average().orElseThrow(),
        alone.getFirst().featureBytes(),
        alone.getFirst().slotBytes(),
        size.fewestSlots(),
        compute);
  }

  private TracedRun run(Choice choice) {
    return TracedRun.of(builder(choice), numBatches);
  }

  private TrainerBuilder builder(Choice choice) {
    Setting setting = choice.setting();
    return training
        .in(choice.storage())
        .pipeline(pipeline(choice.storage()).workers(setting.workers()).slots(setting.slots()))
        .computeThreads(setting.computeThreads());
  }

  private PipelineSettings pipeline(Storage storage) {
    return storage.pipeline(training.untuned());
  }

  /** Medians over the rounds; in each round every setting once, so that all see the same noise. */
  private Map<Choice, Double> measure(
      SequencedSet<Choice> choices, int numRounds, Counter counter) {
    Map<Choice, List<Double>> rates = new LinkedHashMap<>();
    for (int round = 0; round < numRounds; round++) {
      for (Choice choice : round % 2 == 0 ? choices : choices.reversed()) {
        double rate = counter.run(choice).batchesPerSecond();
        rates.computeIfAbsent(choice, _ -> new ArrayList<>()).add(rate);
      }
    }
    Map<Choice, Double> medians = new LinkedHashMap<>();
    choices.forEach(choice -> medians.put(choice, median(rates.get(choice))));
    return medians;
  }

  /**
   * Checks the model: measures settings that it was not made from, and predicts them.
   *
   * @param result of {@link #run}, whose predictions come first
   * @return measured medians, by setting: 1 to cores + 1 workers, all numbers of compute threads
   *     that have costs, few and many slots, as far as the memory holds them
   */
  public Map<Choice, Double> grid(TuneResult result, Progress progress) {
    SequencedSet<Setting> settings = new LinkedHashSet<>();
    for (int k : new TreeSet<>(result.costs().compute().keySet())) {
      for (int w = 1; w <= resources.cores() + 1; w++) {
        int held = result.costs().held();
        settings.add(new Setting(w, k, w + held));
        settings.add(new Setting(w, k, w + 1 + held));
        settings.add(new Setting(w, k, 2 * w + 3 + held));
      }
    }
    settings.removeIf(setting -> !result.model().fits(setting));
    SequencedSet<Choice> choices = new LinkedHashSet<>();
    Storage storage = result.storage();
    settings.forEach(setting -> choices.add(new Choice(setting, storage)));
    Counter counter = new Counter("short trainings of the grid", progress);
    counter.expect(choices.size() * rounds);
    return measure(choices, rounds, counter);
  }

  /**
   * Compares the chosen setting with the best of a grid. Both are measured again, in turns: the
   * best of many medians is one of the luckiest, too, and was measured at another time.
   *
   * @param grid what {@link #grid} has measured; not empty
   * @return medians of the chosen setting and of the best of the grid, which may be the same
   */
  public Map<Choice, Double> compare(
      TuneResult result, Map<Choice, Double> grid, Progress progress) {
    SequencedSet<Choice> choices = new LinkedHashSet<>(List.of(result.chosen(), best(grid)));
    int numRounds = COMPARED * rounds;
    Counter counter = new Counter("chosen setting and best of the grid", progress);
    counter.expect(choices.size() * numRounds);
    return measure(choices, numRounds, counter);
  }

  /**
   * @param standard stays unless another is better
   */
  static Choice choose(Map<Choice, Double> measured, Choice standard) {
    Choice best = best(measured);
    return measured.get(best) > WORTH_IT * measured.get(standard) ? best : standard;
  }

  /** The fastest. */
  public static Choice best(Map<Choice, Double> measured) {
    return Collections.max(measured.keySet(), Comparator.comparingDouble(measured::get));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** Runs short trainings and counts them. */
  private final class Counter {
    private final String stage;
    private final Progress progress;
    private int total;
    private int done;

    Counter(String stage, Progress progress) {
      this.stage = stage;
      this.progress = progress;
    }

    /** So many more are to be run. */
    void expect(int more) {
      total = done + more;
    }

    TracedRun run(Choice choice) {
      progress.update(stage, done, total);
      TracedRun run = Tuner.this.run(choice);
      progress.update(stage, ++done, total);
      return run;
    }
  }
}
