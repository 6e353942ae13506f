package io.millrace.training.optim;

import io.millrace.BadInputException;
import java.util.Objects;

/**
 * The factor of the learning rate in the course of a training: a formula in the number of steps, or
 * for a {@link Plateau} a function of the validations.
 *
 * <p>A schedule of your own implements {@link #factor}, and {@link #after} if it depends on the
 * validations. Make it a record, whose components are its settings: a checkpoint stores it by the
 * name of its class.
 *
 * <p>Immutable: the state of a plateau is a {@link PlateauState}. The next class to read is {@link
 * LearningRate}.
 */
public interface Schedule {
  /**
   * The factor for one step, as far as the step alone says it.
   *
   * @param step from 0, over all epochs
   * @param stepsPerEpoch at least 1
   * @return not negative, and finite
   */
  double factor(long step, int stepsPerEpoch);

  /**
   * The state after another epoch; its factor is multiplied with that of the step. By default the
   * validations change nothing.
   *
   * @param metric on the validation nodes, the higher the better: an error is given negated
   */
  default PlateauState after(PlateauState before, double metric) {
    return before;
  }

  /** This schedule, after some epochs in which the rate rises from almost nothing. */
  default Schedule warmUp(int numEpochs) {
    return new WarmUp(numEpochs, this);
  }

  /**
   * The state of a {@link Plateau}, or of a schedule of the user's own.
   *
   * @param best metric so far
   * @param numWorse epochs since then, or since the last change of the rate
   * @param factor by which the learning rate is multiplied
   */
  record PlateauState(double best, int numWorse, double factor) {
    static final PlateauState START = new PlateauState(Double.NEGATIVE_INFINITY, 0, 1);
  }

  /** The same rate all the time. */
  record Constant() implements Schedule {
    @Override
    public double factor(long step, int stepsPerEpoch) {
      return 1;
    }
  }

  /**
   * Half a cosine wave from 1 to 0 (Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5), step by
   * step; 0 afterwards.
   *
   * @param numEpochs from 1 to 0
   */
  record Cosine(int numEpochs) implements Schedule {
    public Cosine {
      requireEpochs(numEpochs);
    }

    @Override
    public double factor(long step, int stepsPerEpoch) {
      double done = Math.min(1, step / ((double) numEpochs * stepsPerEpoch));
      return (1 + Math.cos(Math.PI * done)) / 2;
    }
  }

  /**
   * Down by a factor every so many epochs, as torch's StepLR.
   *
   * @param numEpochs between two changes
   * @param factor in (0, 1]
   */
  record Step(int numEpochs, double factor) implements Schedule {
    public Step {
      requireEpochs(numEpochs);
      requireFactor(factor);
    }

    @Override
    public double factor(long step, int stepsPerEpoch) {
      return Math.pow(factor, step / ((long) numEpochs * stepsPerEpoch));
    }
  }

  /**
   * Down by a factor when the validation has not been better than its best for so many epochs.
   *
   * @param patience epochs without a better one
   * @param factor in (0, 1]
   */
  record Plateau(int patience, double factor) implements Schedule {
    public Plateau {
      requireEpochs(patience);
      requireFactor(factor);
    }

    @Override
    public double factor(long step, int stepsPerEpoch) {
      return 1;
    }

    @Override
    public PlateauState after(PlateauState before, double metric) {
      if (metric > before.best()) {
        return new PlateauState(metric, 0, before.factor());
      }
      int worse = before.numWorse() + 1;
      return worse < patience
          ? new PlateauState(before.best(), worse, before.factor())
          : new PlateauState(before.best(), 0, before.factor() * factor);
    }
  }

  /**
   * A straight line up to 1, step by step, before another schedule begins (Goyal et al., "Accurate,
   * Large Minibatch SGD", 2017, section 2.2). The first step of n has the factor 1/n.
   *
   * @param numEpochs of warming up
   * @param then begins afterwards, at its own step 0; a plateau counts all epochs
   */
  record WarmUp(int numEpochs, Schedule then) implements Schedule {
    public WarmUp {
      requireEpochs(numEpochs);
      Objects.requireNonNull(then, "then");
    }

    @Override
    public double factor(long step, int stepsPerEpoch) {
      long warmUp = (long) numEpochs * stepsPerEpoch;
      return step < warmUp ? (step + 1.0) / warmUp : then.factor(step - warmUp, stepsPerEpoch);
    }

    @Override
    public PlateauState after(PlateauState before, double metric) {
      return then.after(before, metric);
    }
  }

  private static void requireEpochs(int numEpochs) {
    if (numEpochs < 1) {
      throw BadInputException.of("a schedule needs at least one epoch", "epochs", numEpochs);
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor > 0 && factor <= 1)) {
      throw BadInputException.of("factor must be in (0, 1]", "factor", factor);
    }
  }
}
