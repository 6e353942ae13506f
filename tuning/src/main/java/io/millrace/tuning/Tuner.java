package io.millrace.tuning;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.Require;
import io.millrace.training.TrainerBuilder;
import io.millrace.transfer.BatchPipeline;
import io.millrace.tuning.model.Costs;
import io.millrace.tuning.model.PipelineModel;
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
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds workers, compute threads and slots for a training on this machine.
 *
 * <p>It measures short trainings: for some numbers of compute threads, one in which preparation and
 * compute take turns (one slot), and one in which they overlap. {@link PipelineModel} predicts all
 * other settings from these costs. The best three predictions, the default and a deliberately bad
 * setting are then measured in turns, several rounds, and the best median wins. The default stays
 * unless another is better by 2 %, or the memory does not hold its batches.
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
  private final PipelineModel.Resources resources;
  private final int cores = Runtime.getRuntime().availableProcessors();

  /**
   * @param trainers makes a builder of the training that is tuned, a new one each time; its
   *     pipeline settings and compute threads are replaced
   * @param numBatches of each short training, after a warm-up of 10
   * @param rounds in which the best settings are measured in turns
   * @param resources that the setting must fit
   */
  public Tuner(
      Supplier<TrainerBuilder> trainers,
      int numBatches,
      int rounds,
      PipelineModel.Resources resources) {
    this.resources = resources;
    this.trainers = trainers;
    this.numBatches = Require.positive("batches", numBatches);
    this.rounds = Require.positive("rounds", rounds);
  }

  /** What a training uses that is told nothing. */
  public Setting defaultSetting() {
    int workers = BatchPipeline.defaultWorkers();
    return new Setting(workers, cores, workers + 2);
  }

  /** One of each: nothing overlaps. */
  static Setting badSetting() {
    return new Setting(1, 1, 1);
  }

  /**
   * @param progress receives what is measured, and how many short trainings are done
   * @throws BadInputException if the memory does not hold the batches of any setting
   */
  public TuneResult run(Progress progress) {
    TreeSet<Integer> threads = computeThreads();
    int numTrainings = 2 * threads.size() + rounds * (NUM_CANDIDATES + 2);
    Counter counter = new Counter(progress, numTrainings);
    warmUp(progress);
    Costs costs = measureCosts(threads, counter);
    PipelineModel model = new PipelineModel(costs, cores, resources);

    List<Setting> candidates = model.candidates();
    if (candidates.isEmpty()) {
      throw BadInputException.of(
          "the memory does not hold the batches of any setting",
          "memoryBytes",
          (long) resources.memoryBytes(),
          "bytesPerBatch",
          (long) costs.slotBytes());
    }
    SequencedSet<Setting> settings = new LinkedHashSet<>();
    candidates.stream().limit(NUM_CANDIDATES).forEach(settings::add);
    settings.add(defaultSetting());
    settings.add(badSetting());
    Map<Setting, Double> predicted = new LinkedHashMap<>();
    settings.forEach(setting -> predicted.put(setting, model.batchesPerSecond(setting)));
    Map<Setting, Double> measured = measure(settings, counter);
    Setting chosen = choose(measured, defaultSetting(), model::fits);
    return new TuneResult(
        costs, model, predicted, measured, chosen, defaultSetting(), badSetting());
  }

  /**
   * The JIT compiles what all short trainings run: the first one would be charged for it. On a
   * 2-core machine predictions were off by 23 % in the median without this.
   */
  private void warmUp(Progress progress) {
    progress.update("warm up", 0, -1);
    long end = System.nanoTime() + WARM_UP_NANOS;
    do {
      TracedRun.of(trainers, defaultSetting(), numBatches);
    } while (System.nanoTime() < end);
  }

  /** 1, 2, 4, ... and all cores. */
  private TreeSet<Integer> computeThreads() {
    TreeSet<Integer> threads = new TreeSet<>();
    for (int k = 1; k < cores; k *= 2) {
      threads.add(k);
    }
    threads.add(cores);
    return threads;
  }

  private Costs measureCosts(TreeSet<Integer> threads, Counter counter) {
    List<TracedRun> alone = new ArrayList<>();
    Map<Integer, Costs.Compute> compute = new HashMap<>();
    Setting standard = defaultSetting();
    for (int k : threads) {
      TracedRun turns = counter.run(new Setting(1, k, 1));
      TracedRun overlapped = counter.run(new Setting(standard.workers(), k, standard.slots()));
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
        alone.stream().mapToDouble(TracedRun::prepareCpu).average().orElseThrow(),
        alone.stream().mapToDouble(TracedRun::prepare).average().orElseThrow(),
        alone.getFirst().featureBytes(),
        alone.getFirst().slotBytes(),
        compute);
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
   *     that have costs, few and many slots
   */
  public Map<Setting, Double> grid(TuneResult result, Progress progress) {
    SequencedSet<Setting> settings = new LinkedHashSet<>();
    for (int k : new TreeSet<>(result.costs().compute().keySet())) {
      for (int w = 1; w <= cores + 1; w++) {
        settings.add(new Setting(w, k, w + 1));
        settings.add(new Setting(w, k, w + 2));
        settings.add(new Setting(w, k, 2 * w + 4));
      }
    }
    return measure(settings, new Counter(progress, settings.size() * rounds));
  }

  /**
   * @param standard stays unless another is better, if it fits itself
   * @param fits at least one of the settings
   */
  static Setting choose(Map<Setting, Double> measured, Setting standard, Predicate<Setting> fits) {
    List<Setting> fitting = measured.keySet().stream().filter(fits).toList();
    Setting best = Collections.max(fitting, Comparator.comparingDouble(measured::get));
    boolean better = measured.get(best) > WORTH_IT * measured.get(standard);
    return better || !fits.test(standard) ? best : standard;
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
    private final int total;
    private int done;

    Counter(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    TracedRun run(Setting setting) {
      progress.update("measure " + setting, done, total);
      TracedRun run = TracedRun.of(trainers, setting, numBatches);
      progress.update("measure " + setting, ++done, total);
      return run;
    }
  }
}
