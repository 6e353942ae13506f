package io.millrace.bench.harness;

import io.millrace.Progress;
import java.util.List;
import java.util.function.ObjIntConsumer;

/** Lets contenders take turns, round by round, so that noise affects all contenders equally. */
public final class Rounds {
  private Rounds() {}

  /**
   * @param stage the name that the progress goes by
   * @param turn what a contender does in a round; rounds count from 0
   */
  public static <T> void run(
      String stage, int numRounds, List<T> contenders, Progress progress, ObjIntConsumer<T> turn) {
    int total = numRounds * contenders.size();
    int done = 0;
    for (int round = 0; round < numRounds; round++) {
      for (T contender : contenders) {
        progress.update(stage, done++, total);
        turn.accept(contender, round);
      }
    }
    progress.update(stage, total, total);
  }
}
