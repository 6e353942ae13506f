package io.millrace.cli.run;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The commands that may be steps of a plan. */
enum StepKind {
  GET("get", "--out", Leftover.DELETED),
  IMPORT_EDGES("import edges", "--out", Leftover.DELETED),
  IMPORT_OGB("import ogb", "--out", Leftover.DELETED),
  IMPORT_GRAPHBOLT("import graphbolt", "--out", Leftover.DELETED),
  GENERATE("generate", "--out", Leftover.DELETED),
  SPLIT_EDGES("split-edges", "--out", Leftover.DELETED),
  TUNE("tune", "--out", Leftover.DELETED),
  TRAIN("train", "--save", Leftover.NAMED),
  SWEEP("sweep", "--out", Leftover.CONTINUED),
  INFER("infer", "--out", Leftover.FOUND),
  EXPORT("export", "--out", Leftover.DELETED);

  /** What becomes of the output that an interrupted run has left. */
  enum Leftover {
    /** The step begins again. */
    DELETED,
    /** The command continues it of itself. */
    FOUND,
    /** The command continues it with {@code --resume}. */
    CONTINUED,
    /** The command continues the one that {@code --resume} names. */
    NAMED
  }

  final String command;
  private final String option;
  private final Leftover leftover;

  StepKind(String command, String option, Leftover leftover) {
    this.command = command;
    this.option = option;
    this.leftover = leftover;
  }

  static Optional<StepKind> of(String command) {
    return Arrays.stream(values()).filter(it -> it.command.equals(command)).findFirst();
  }

  /** The commands, in words. */
  static List<String> commands() {
    return Arrays.stream(values()).map(it -> it.command).toList();
  }

  boolean resumes() {
    return leftover != Leftover.DELETED;
  }

  /**
   * The arguments that name the output.
   *
   * @param isLeft whether an interrupted run has left some of it
   */
  List<String> outputArgs(String output, boolean isLeft) {
    if (isLeft && leftover == Leftover.NAMED) {
      return List.of("--resume=" + output);
    }
    return isLeft && leftover == Leftover.CONTINUED
        ? List.of(option + "=" + output, "--resume")
        : List.of(option + "=" + output);
  }

  /** Whether a plan may give the option: not what the plan or its command decides. */
  boolean mayHave(String name) {
    return !name.equals(option.substring(2)) && !NOT_OF_STEPS.contains(name);
  }

  private static final List<String> NOT_OF_STEPS =
      List.of(
          "json",
          "quiet",
          "debug",
          "help",
          "version",
          "resume",
          "save",
          "trace",
          "shard",
          "merge",
          "ranks",
          "hosts",
          "rank",
          "collective",
          "child-rank",
          "resize-file",
          "restarts");
}
