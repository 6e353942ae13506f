package io.millrace.tuning;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.Require;
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
import java.util.function.Supplier;

/**
 * Finds workers, compute threads and slots for a training on this machine.
 *
 * <p>It measures short trainings: for some numbers of compute threads, one in which preparation and
 * compute take turns (the fewest slots), and one in which they overlap. {@link PipelineModel}
 * predicts all other settings from these costs. The best three predictions, the default and a
 * deliberately bad setting are then measured in turns, several rounds, and the best median wins.
 * The default stays unless another is better by 2 %. No setting is tried whose batches the memory
 * does not hold; the default has fewer slots then.
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

  private final Supplier<TrainerBuilder> trainers;
  private final int numBatches;
  private final int rounds;
  private final Resources resources;

  /**
   * @param trainers makes a builder of the training that is tuned, a new one each time; its
   *     pipeline settings and compute threads are replaced
   * @param numBatches of each short training, after a warm-up of 10
   * @param rounds in which the best settings are measured in turns
   * @param resources that the setting must fit
   */
  public Tuner(Supplier<TrainerBuilder> trainers, int numBatches, int rounds, Resources resources) {
    this.resources = resources;
    this.trainers = trainers;
    this.numBatches = Require.positive("batches", numBatches);
    this.rounds = Require.positive("rounds", rounds);
  }

  /**
   * @param progress receives how many short trainings are done, of all
   * @throws BadInputException if the memory does not hold the batches that the model has open at a
   *     time
   */
  public TuneResult run(Progress progress) {
    TracedRun.Size size = TracedRun.sizeOf(trainers.get().pipeline(PipelineSettings.defaults()));
    TreeSet<Integer> threads = computeThreads();
    int mostCandidates = NUM_CANDIDATES + 2;
    Counter counter = new Counter(progress, 1 + 2 * threads.size() + rounds * mostCandidates);
    Setting bad = new Setting(1, 1, size.fewestSlots()); // nothing overlaps
    int mostSlots = mostSlots(warmUp(bad, counter), size);
    Setting standard =
        new Setting(size.workers(), resources.cores(), Math.min(size.slots(), mostSlots));
    Costs costs = measureCosts(threads, standard, size, counter);
    PipelineModel model = new PipelineModel(costs, resources);
    SequencedSet<Setting> settings = new LinkedHashSet<>();
    model.candidates().stream().limit(NUM_CANDIDATES).forEach(settings::add);
    settings.add(standard);
    settings.add(bad);
    counter.total -= rounds * (mostCandidates - settings.size());
    Map<Setting, Double> predicted = new LinkedHashMap<>();
    settings.forEach(setting -> predicted.put(setting, model.batchesPerSecond(setting)));
    Map<Setting, Double> measured = measure(settings, counter);
    return new TuneResult(
        costs, model, predicted, measured, choose(measured, standard), standard, bad, counter.done);
  }

  /**
   * The JIT compiles what all short trainings run: the first one would be charged for it. On a
   * 2-core machine predictions were off by 23 % in the median without this.
   *
   * @param smallest setting, because no other is known to fit the memory
   * @return of the last training
   */
  private TracedRun warmUp(Setting smallest, Counter counter) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    TracedRun run = counter.run(smallest);
    while (System.nanoTime() < end) {
      run = run(smallest);
    }
    return run;
  }

  private int mostSlots(TracedRun run, TracedRun.Size size) {
    double bytes = run.costs().slotBytes();
    double slots = Math.floor(resources.memoryBytes() / bytes);
    if (slots < size.fewestSlots()) {
      throw BadInputException.of(
          "the memory does not hold the batches of any setting",
          "memoryBytes",
          (long) resources.memoryBytes(),
          "bytesPerBatch",
          (long) bytes,
          "batches",
          size.fewestSlots());
    }
    return (int) Math.min(slots, Integer.MAX_VALUE);
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
      TreeSet<Integer> threads, Setting standard, TracedRun.Size size, Counter counter) {
    List<StageCosts> alone = new ArrayList<>();
    Map<Integer, Costs.Compute> compute = new HashMap<>();
    for (int k : threads) {
      StageCosts turns = counter.run(new Setting(1, k, size.fewestSlots())).costs();
      Setting both = new Setting(standard.workers(), k, standard.slots());
      StageCosts overlapped = counter.run(both).costs();
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

  private TracedRun run(Setting setting) {
    TrainerBuilder builder =
        trainers
            .get()
            .pipeline(PipelineSettings.defaults().workers(setting.workers()).slots(setting.slots()))
            .computeThreads(setting.computeThreads());
    return TracedRun.of(builder, numBatches);
  }

  /** Medians over the rounds; in each round every setting once, so that all see the same noise. */
  private Map<Setting, Double> measure(SequencedSet<Setting> settings, Counter counter) {
    Map<Setting, List<Double>> rates = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Setting setting : round % 2 == 0 ? settings : settings.reversed()) {
        double rate = counter.run(setting).batchesPerSecond();
        rates.computeIfAbsent(setting, _ -> new ArrayList<>()).add(rate);
      }
    }
    Map<Setting, Double> medians = new LinkedHashMap<>();
    settings.forEach(setting -> medians.put(setting, median(rates.get(setting))));
    return medians;
  }

  /**
   * Checks the model: measures settings that it was not made from, and predicts them.
   *
   * @param result of {@link #run}, whose predictions come first
   * @return measured medians, by setting: 1 to cores + 1 workers, all numbers of compute threads
   *     that have costs, few and many slots, as far as the memory holds them
   */
  public Map<Setting, Double> grid(TuneResult result, Progress progress) {
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
    return measure(settings, new Counter(progress, settings.size() * rounds));
  }

  /**
   * @param standard stays unless another is better
   */
  static Setting choose(Map<Setting, Double> measured, Setting standard) {
    Setting best = Collections.max(measured.keySet(), Comparator.comparingDouble(measured::get));
    return measured.get(best) > WORTH_IT * measured.get(standard) ? best : standard;
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
    private final Progress progress;
    private int total;
    private int done;

    Counter(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    TracedRun run(Setting setting) {
      progress.update("short trainings", done, total);
      TracedRun run = Tuner.this.run(setting);
      progress.update("short trainings", ++done, total);
      return run;
    }
  }
}
