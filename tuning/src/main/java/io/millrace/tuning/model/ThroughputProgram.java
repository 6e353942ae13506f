package io.millrace.tuning.model;

import io.millrace.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The linear program for the throughput of a pipeline: maximise batches per second X where stages
 * share the cores. Immutable; each method returns another program with one more row.
 *
 * <p>A stage of {@code s} core seconds per batch that gets {@code t} cores does at most {@code t /
 * s} batches per second. A sequential stage never gets more than one core. The model's compute
 * threads are cores, too, and its rate is a concave {@link Curve} of them. A device moves so many
 * units per second, of which a batch needs some.
 */
public final class ThroughputProgram {
  private record Stage(String name, double coreSeconds, double maxCores) {}

  private record Device(String name, double unitsPerSecond, double unitsPerBatch) {}

  private final double cores;
  private final List<Stage> stages;
  private final List<Device> devices;
  private final Optional<Curve> compute;

  private ThroughputProgram(
      double cores, List<Stage> stages, List<Device> devices, Optional<Curve> compute) {
    this.cores = cores;
    this.stages = List.copyOf(stages);
    this.devices = List.copyOf(devices);
    this.compute = compute;
  }

  /**
   * @param cores that all stages share
   */
  public static ThroughputProgram of(double cores) {
    return new ThroughputProgram(
        Require.positive("cores", cores), List.of(), List.of(), Optional.empty());
  }

  /** A stage that any number of threads may run, each on another batch. */
  public ThroughputProgram stage(String name, double coreSeconds) {
    return with(new Stage(name, coreSeconds, Double.POSITIVE_INFINITY));
  }

  /** A stage that one thread runs. */
  public ThroughputProgram sequential(String name, double coreSeconds) {
    return with(new Stage(name, coreSeconds, 1));
  }

  private ThroughputProgram with(Stage stage) {
    List<Stage> all = new ArrayList<>(stages);
    all.add(stage);
    return new ThroughputProgram(cores, all, devices, compute);
  }

  /** The model, on compute threads that take cores from the other stages. */
  public ThroughputProgram compute(Curve curve) {
    return new ThroughputProgram(cores, stages, devices, Optional.of(curve));
  }

  /** A disk, a bus or memory: {@code unitsPerBatch} of {@code unitsPerSecond}. */
  public ThroughputProgram device(String name, double unitsPerSecond, double unitsPerBatch) {
    List<Device> all = new ArrayList<>(devices);
    all.add(new Device(name, unitsPerSecond, unitsPerBatch));
    return new ThroughputProgram(cores, stages, all, compute);
  }

  ThroughputProgram withCores(double value) {
    return new ThroughputProgram(value, stages, devices, compute);
  }

  /** The optimum, and what bounds it. */
  public Optimum solve() {
    return new Solver().solve();
  }

  /** The variables and rows of one solution. */
  private final class Solver {
    private final ExpressionsBasedModel model = new ExpressionsBasedModel();
    private final Variable x = model.newVariable("batches/s").lower(0).weight(1);
    private final Expression shared = model.newExpression("cores").upper(cores);
    private final List<Variable> stageCores = new ArrayList<>();
    private Optional<Variable> computeCores = Optional.empty();

    Optimum solve() {
      for (Stage stage : stages) {
        Variable t = model.newVariable(stage.name()).lower(0);
        if (stage.maxCores() < Double.POSITIVE_INFINITY) {
          t.upper(stage.maxCores());
        }
        shared.set(t, 1);
        model.newExpression(stage.name() + " rate").set(x, stage.coreSeconds()).set(t, -1).upper(0);
        stageCores.add(t);
      }
      compute.ifPresent(this::addCompute);
      for (Device device : devices) {
        model
            .newExpression(device.name())
            .set(x, device.unitsPerBatch())
            .upper(device.unitsPerSecond());
      }
      Optimisation.Result result = model.maximise();
      if (!result.getState().isOptimal()) {
        throw new IllegalStateException("the program has no optimum: " + result);
      }
      return optimum(result);
    }

    private void addCompute(Curve curve) {
      Variable t = model.newVariable("compute").lower(0);
      shared.set(t, 1);
      for (Curve.Piece piece : curve.pieces()) {
        model
            .newExpression("compute " + model.countExpressions())
            .set(x, 1)
            .set(t, -piece.slope())
            .upper(piece.offset());
      }
      computeCores = Optional.of(t);
    }

    private Optimum optimum(Optimisation.Result result) {
      double rate = x.getValue().doubleValue();
      List<Limit> limits = new ArrayList<>();
      double used = 0;
      for (int i = 0; i < stages.size(); i++) {
        Stage stage = stages.get(i);
        double spent = rate * stage.coreSeconds();
        used += spent;
        if (stage.maxCores() < Double.POSITIVE_INFINITY) {
          limits.add(Limit.of(stage.name(), spent, stage.maxCores()));
        }
      }
      double computeThreads = computeCores.map(t -> t.getValue().doubleValue()).orElse(0.0);
      limits.add(Limit.of("cores", used + computeThreads, cores));
      compute.ifPresent(
          curve -> limits.add(Limit.of("compute", rate, curve.at(curve.maxThreads()))));
      for (Device device : devices) {
        limits.add(Limit.of(device.name(), rate * device.unitsPerBatch(), device.unitsPerSecond()));
      }
      return new Optimum(rate, used, computeThreads, limits);
    }
  }
}
