package io.millrace.tuning.auto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides on workers and slots from what the pipeline did. It has no clock and no threads of its
 * own: time is what the {@link Load}s say.
 *
 * <p>A window has at least 2 seconds and 20 batches. After a window the controller may try a size
 * that is one step away, and compares the windows that follow with the last ones before. It keeps
 * the size if the gain is worth it ({@link Hysteresis}), and otherwise restores the one before.
 *
 * <ul>
 *   <li>It tries more as long as the consumer waits for data: one worker with its slot first, then
 *       a quarter more slots.
 *   <li>It tries one worker less, but not below the start value, if the consumer does not wait and
 *       the others can do the work. That is kept if the consumer still does not wait.
 *   <li>If the rate is far from that of the windows before, in two windows in succession or very
 *       far in one, the pipeline is a different one now: the pause ends.
 * </ul>
 *
 * <p>Next class to read: {@link Hysteresis}.
 */
final class AutoController {
  private static final double WINDOW_SECONDS = 2;
  private static final int WINDOW_BATCHES = 20;

  /** Windows before the first change: until then the deviation is not known. */
  private static final int FIRST_WINDOWS = 5;

  /** A change that has not proved itself by then is not kept. */
  private static final int MOST_WINDOWS = 8;

  /** Rates that differ more belong to a different pipeline, as a fraction. */
  private static final double SHIFT = .15;

  /** A single such window is enough. */
  private static final double LARGE_SHIFT = .3;

  /** A consumer that waits less does not wait. */
  private static final double NO_WAIT = .01;

  /** Workers that are busy for a larger share of the time have no time for the work of another. */
  private static final double BUSY = .8;

  /** A change that is being measured. */
  private record Trial(Size before, double rateBefore, int windowsBefore, double deviation) {}

  private final Size start;
  private final Limits limits;
  private final Hysteresis hysteresis;
  private final List<Decision> decisions = new ArrayList<>();
  private final RecentRates recent = new RecentRates();
  private Size size;
  private Optional<Trial> trial = Optional.empty();

  /** What was measured in the trial. */
  private Load tried = Load.NONE;

  private int windowsTried;

  /** The window so far. */
  private Load window = Load.NONE;

  private int numWindows;
  private double seconds;

  /** Batches to be left out, because they were prepared in another size. */
  private long unsettled;

  private final Patience withMore;
  private final Patience withFewer;
  private boolean slotsFirst;
  private int numShifted;

  AutoController(Size start, Limits limits, Hysteresis hysteresis) {
    this.start = start;
    this.size = start;
    this.limits = limits;
    this.hysteresis = hysteresis;
    withMore = new Patience(hysteresis);
    withFewer = new Patience(hysteresis);
  }

  /** The size that is to be tried now, or the one that was kept last. */
  Size size() {
    return size;
  }

  /** The size without the change that is being tried. */
  Size settled() {
    return trial.map(Trial::before).orElse(size);
  }

  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /**
   * Takes what the pipeline has done since the last call.
   *
   * @return the size that it is to have from now on, if another one
   */
  Optional<Size> add(Load load) {
    seconds += load.seconds();
    if (unsettled > 0) {
      unsettled -= load.batches();
      return Optional.empty();
    }
    window = window.plus(load);
    if (window.seconds() < WINDOW_SECONDS || window.batches() < WINDOW_BATCHES) {
      return Optional.empty();
    }
    Load complete = window;
    window = Load.NONE;
    numWindows++;
    Size before = size;
    if (trial.isPresent()) {
      judge(trial.get(), complete);
    } else {
      watch(complete);
    }
    if (size.equals(before)) {
      return Optional.empty();
    }
    unsettled = before.slots();
    return Optional.of(size);
  }

  private void watch(Load load) {
    double shift = recent.size() == 0 ? 0 : Math.abs(load.rate() / recent.mean() - 1);
    if (shift > LARGE_SHIFT) { // the change is perhaps within this window: it is left out
      startAgain();
      return;
    }
    numShifted = shift > Math.max(SHIFT, 4 * recent.deviation()) ? numShifted + 1 : 0;
    if (numShifted == 1) {
      return;
    }
    if (numShifted == 2) {
      startAgain();
    }
    recent.add(load.rate());
    if (numWindows >= FIRST_WINDOWS) {
      tryNext(load);
    }
  }

  /** The pipeline is a different one now. */
  private void startAgain() {
    recent.forget();
    numShifted = 0;
    withMore.end();
    withFewer.end();
  }

  private void tryNext(Load load) {
    double most = 1 / Math.max(1e-9, 1 - load.waitShare()) - 1; // no change can gain more
    Optional<Size> next = Optional.empty();
    if (most > hysteresis.decisive(recent.deviation(), RecentRates.MOST)) {
      next = withMore.isOver(seconds) && isMeasured(most) ? more(load) : next;
    } else {
      next = withFewer.isOver(seconds) ? fewer(load) : next;
    }
    next.ifPresent(
        chosen -> {
          trial = Optional.of(new Trial(size, recent.mean(), recent.size(), recent.deviation()));
          tried = Load.NONE;
          windowsTried = 0;
          size = chosen;
        });
  }

  /** Whether the rate is known well enough to notice what one more worker can gain. */
  private boolean isMeasured(double most) {
    double expected = Math.min(most, 1.0 / size.workers());
    return recent.size() == RecentRates.MOST
        || expected > hysteresis.decisive(recent.deviation(), recent.size());
  }

  private Optional<Size> more(Load load) {
    int room = limits.mostSlots(load.slotBytes()) - size.slots();
    if (room < 1) {
      return Optional.empty();
    }
    return Optional.of(
        size.workers() < limits.mostWorkers() && !slotsFirst
            ? new Size(size.workers() + 1, size.slots() + 1)
            : new Size(size.workers(), size.slots() + Math.clamp(size.slots() / 4, 1, room)));
  }

  private Optional<Size> fewer(Load load) {
    int others = size.workers() - 1;
    return others >= start.workers()
            && load.waitShare() < NO_WAIT
            && load.busyWorkers() < BUSY * others
        ? Optional.of(new Size(others, Math.max(start.slots(), size.slots() - 1)))
        : Optional.empty();
  }

  private void judge(Trial trial, Load load) {
    tried = tried.plus(load);
    windowsTried++;
    if (isFewer(trial)) {
      if (tried.waitShare() >= NO_WAIT) {
        restore(trial);
      } else if (windowsTried == 2) {
        keep(trial, load);
      }
      return;
    }
    double gain = tried.rate() / trial.rateBefore() - 1;
    double known = 2 / (1.0 / windowsTried + 1.0 / trial.windowsBefore());
    if (gain > hysteresis.decisive(trial.deviation(), known)) {
      keep(trial, load);
    } else if (windowsTried == MOST_WINDOWS
        || gain < hysteresis.hopeless(trial.deviation(), known)) {
      restore(trial);
    }
  }

  private boolean isFewer(Trial of) {
    return size.workers() < of.before().workers();
  }

  private void keep(Trial of, Load last) {
    decide(of, true);
    recent.forget();
    recent.add(tried.rate());
    withMore.end();
    withFewer.end();
    tryNext(last);
  }

  private void restore(Trial of) {
    decide(of, false);
    if (isFewer(of)) {
      withFewer.failed(seconds);
    } else {
      withMore.failed(seconds);
      slotsFirst = !slotsFirst;
    }
    size = of.before();
  }

  private void decide(Trial of, boolean kept) {
    decisions.add(new Decision(seconds, of.before(), size, of.rateBefore(), tried.rate(), kept));
    trial = Optional.empty();
    numShifted = 0;
  }
}
