package io.millrace.tuning.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Predicts the batches per second of a {@link Setting} from {@link Costs}. Immutable.
 *
 * <p>With {@code w} and {@code t} the wall times of preparing and computing a batch, W workers and
 * m slots, the throughput is the least of
 *
 * <ul>
 *   <li>W / w: the workers,
 *   <li>1 / t: the model, with its compute threads,
 *   <li>m / (w + t): a slot is held from its sampling until the model is done (Little's law); where
 *       the model has h batches open at a time, m - h + 1 instead of m,
 *   <li>cores / (CPU time of both): threads beyond the cores take turns.
 * </ul>
 *
 * <p>A disk that reads at a rate bounds it, too, if there is one. Where both sides share cores, w
 * and t are between the times alone and busy, in proportion to how busy the other side is at the
 * throughput that is predicted, which is found by iteration.
 */
public final class PipelineModel {
  private static final int ITERATIONS = 60;

  private final Costs costs;
  private final Resources resources;

  public PipelineModel(Costs costs, Resources resources) {
    this.costs = costs;
    this.resources = resources;
  }

  /** The bounds on the throughput of a setting; the least is the prediction. */
  private record Bounds(double workers, double compute, double slots, double cores, double disk) {
    double least() {
      return Math.min(Math.min(workers, compute), Math.min(disk, Math.min(slots, cores)));
    }
  }

  /**
   * Batches per second.
   *
   * @param setting whose number of compute threads has costs
   */
  public double batchesPerSecond(Setting setting) {
    return bounds(setting).least();
  }

  /** Every resource with its use, the binding one without slack. */
  public List<Limit> limits(Setting setting) {
    Bounds bounds = bounds(setting);
    double rate = bounds.least();
    List<Limit> limits = new ArrayList<>();
    limits.add(new Limit("workers", rate, bounds.workers()));
    limits.add(new Limit("compute", rate, bounds.compute()));
    limits.add(new Limit("slots", rate, bounds.slots()));
    limits.add(new Limit("cores", rate, bounds.cores()));
    if (resources.hasDisk()) {
      limits.add(new Limit("disk", rate, bounds.disk()));
    }
    return limits;
  }

  /** The resource that bounds a setting. */
  public Limit binding(Setting setting) {
    return Collections.min(limits(setting), Comparator.comparingDouble(Limit::available));
  }

  private Bounds bounds(Setting setting) {
    Costs.Compute compute = costs.compute().get(setting.computeThreads());
    Bounds bounds = bounds(setting, compute, 0);
    double rate = bounds.least();
    for (int i = 0; i < ITERATIONS; i++) {
      bounds = bounds(setting, compute, rate);
      rate = (rate + bounds.least()) / 2;
    }
    return bounds;
  }

  /**
   * @param rate that decides how busy the two sides are
   */
  private Bounds bounds(Setting setting, Costs.Compute compute, double rate) {
    double busyWorkers = Math.min(setting.workers(), rate * costs.prepareAlone());
    double slowed = compute.busyWorkers() == 0 ? 0 : busyWorkers / compute.busyWorkers();
    double t = compute.alone() + Math.max(0, compute.busy() - compute.alone()) * slowed;
    double computing = Math.min(1, rate * t);
    double w =
        costs.prepareAlone()
            + Math.max(0, compute.prepareBusy() - costs.prepareAlone()) * computing;
    return new Bounds(
        setting.workers() / w,
        1 / t,
        (setting.slots() - costs.held() + 1) / (w + t),
        resources.cores() / (costs.prepareCpu() + compute.cpu()),
        resources.diskBytesPerSecond() / costs.featureBytes());
  }

  /** The linear program of these costs, for what bounds any setting. */
  public ThroughputProgram program() {
    ThroughputProgram program =
        ThroughputProgram.of(resources.cores())
            .stage("prepare", costs.prepareCpu())
            .compute(costs.curve());
    return resources.hasDisk()
        ? program.device("disk", resources.diskBytesPerSecond(), costs.featureBytes())
        : program;
  }

  /** What {@code more} cores would buy, in batches per second. */
  public double gainOfCores(int more) {
    return program().withCores(resources.cores() + more).solve().batchesPerSecond()
        - program().solve().batchesPerSecond();
  }

  /**
   * The whole settings around the program's optimum, best prediction first: workers and compute
   * threads on both sides of it, with as many slots as keep the model supplied. Of equal
   * predictions the one with fewer threads comes first. Empty if the memory holds none of them.
   */
  public List<Setting> candidates() {
    Optimum optimum = program().solve();
    double busy = Math.max(costs.prepareCpu(), costs.prepareAlone()); // of a worker, for a batch
    double workers = optimum.batchesPerSecond() * busy;
    TreeSet<Integer> computeThreads = new TreeSet<>();
    for (int threads : costs.compute().keySet()) {
      if (Math.abs(threads - optimum.computeThreads()) <= Math.max(1, spacing(threads))) {
        computeThreads.add(threads);
      }
    }
    if (computeThreads.isEmpty()) {
      computeThreads.addAll(costs.compute().keySet());
    }
    List<Setting> all = new ArrayList<>();
    for (int k : computeThreads) {
      for (int w = Math.max(1, (int) workers); w <= Math.ceil(workers) + 1; w++) {
        all.add(new Setting(w, k, w + 1 + costs.held()));
        all.add(new Setting(w, k, 2 * w + 3 + costs.held()));
      }
    }
    all.removeIf(setting -> !fits(setting));
    all.sort(
        Comparator.comparingDouble(this::batchesPerSecond)
            .reversed()
            .thenComparingInt(s -> s.workers() + s.computeThreads())
            .thenComparingInt(Setting::slots));
    return all;
  }

  /** Whether the memory holds the batches of a setting. */
  public boolean fits(Setting setting) {
    return setting.slots() * costs.slotBytes() <= resources.memoryBytes();
  }

  /** The distance to the next number of compute threads that was measured. */
  private int spacing(int threads) {
    return costs.compute().keySet().stream()
        .filter(other -> other != threads)
        .mapToInt(other -> Math.abs(other - threads))
        .min()
        .orElse(0);
  }
}
