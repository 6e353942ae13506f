package io.millrace.cli.train;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.training.files.ObjectiveText;
import io.millrace.training.optim.Schedule;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The value of {@code --lr-schedule}, which becomes a schedule once the number of epochs is known.
 *
 * @param text the value as it was written
 * @param over maps the number of epochs of the schedule to the schedule
 */
@Internal
public record ScheduleChoice(String text, IntFunction<Schedule> over) {
  private static final double DEFAULT_FACTOR = 0.5;

  /**
   * Reads {@code constant}, {@code cosine}, {@code step:EPOCHS[,X]}, {@code plateau:EPOCHS[,X]}, or
   * a class of the user's own.
   */
  public static ScheduleChoice parse(String text) {
    String[] parts = text.split("[:,]", -1);
    if (text.equals("constant")) {
      return new ScheduleChoice(text, _ -> new Schedule.Constant());
    }
    if (text.equals("cosine")) {
      return new ScheduleChoice(text, Schedule.Cosine::new);
    }
    if (text.matches("(step|plateau):\\d{1,9}(,[^,:]+)?")) {
      int epochs = Integer.parseInt(parts[1]);
      double factor = parts.length == 2 ? DEFAULT_FACTOR : number(text, parts[2]);
      Schedule schedule =
          parts[0].equals("step")
              ? new Schedule.Step(epochs, factor)
              : new Schedule.Plateau(epochs, factor);
      return new ScheduleChoice(text, _ -> schedule);
    }
    if (text.contains(".")) {
      Schedule own = ObjectiveText.schedule(text, List.of("constant", "cosine", "step", "plateau"));
      return new ScheduleChoice(text, _ -> own);
    }
    throw unknown(text);
  }

  private static double number(String text, String part) {
    try {
      return Double.parseDouble(part);
    } catch (NumberFormatException _) {
      throw unknown(text);
    }
  }

  private static BadInputException unknown(String text) {
    return BadInputException.of(
        "expected one of constant, cosine, step:EPOCHS,FACTOR, plateau:EPOCHS,FACTOR"
            + " or a class of your own",
        "schedule",
        text);
  }
}
