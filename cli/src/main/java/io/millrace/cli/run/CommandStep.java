package io.millrace.cli.run;

import io.millrace.BadInputException;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Subcommand;
import io.millrace.sweeps.pipeline.OpenDatasets;
import io.millrace.sweeps.pipeline.PipelineStep;
import io.millrace.sweeps.pipeline.PlanFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * A step of a plan as a line of another command, which it runs in this process. Paths are relative
 * to the plan's folder. One thread.
 */
final class CommandStep {
  private final Function<String, CommandLine> commands;
  private final PlanFile plan;
  private final PlanFile.Step step;
  private final StepKind kind;
  private final List<String> args = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<Path> inputs = new ArrayList<>();

  private CommandStep(
      Function<String, CommandLine> commands, PlanFile plan, PlanFile.Step step, StepKind kind) {
    this.commands = commands;
    this.plan = plan;
    this.step = step;
    this.kind = kind;
  }

  /**
   * Checks a step.
   *
   * @param commands makes the {@code millrace} command with the subcommand of that name
   * @throws BadInputException with file and line, if it is not a line of a command
   */
  static CommandStep of(Function<String, CommandLine> commands, PlanFile plan, PlanFile.Step step) {
    Map.Entry<String, PlanFile.Value> first = step.fields().entrySet().iterator().next();
    StepKind kind =
        StepKind.of(first.getKey())
            .orElseThrow(
                () ->
                    plan.wrong(
                        first.getValue().line(),
                        "a step begins with its command, one of " + StepKind.commands(),
                        "step",
                        step.output(),
                        "found",
                        first.getKey()));
    CommandStep made = new CommandStep(commands, plan, step, kind);
    made.read();
    return made;
  }

  private void read() {
    args.addAll(Arrays.asList(kind.command.split(" ")));
    settings.put("command", kind.command);
    CommandLine command = commands.apply(args.getFirst());
    for (String word : args) {
      command = command.getSubcommands().get(word);
    }
    CommandSpec spec = command.getCommandSpec();
    step.fields()
        .forEach(
            (name, value) -> {
              if (name.equals(kind.command)) {
                add(spec.positionalParameters().getFirst(), kind.command, "", value);
              } else {
                add(option(spec, name, value), name, "--" + name + "=", value);
              }
            });
    parse(false);
  }

  private OptionSpec option(CommandSpec spec, String name, PlanFile.Value value) {
    OptionSpec option = spec.findOption("--" + name);
    if (option == null || !kind.mayHave(name)) {
      throw plan.wrong(
          value.line(),
          kind.command + " has no such option in a plan",
          "step",
          step.output(),
          "option",
          name);
    }
    return option;
  }

  private void add(ArgSpec argument, String name, String prefix, PlanFile.Value value) {
    String all = String.join(",", value.texts());
    settings.put(name, all); // of paths, too: which file is which option's
    if (isPath(argument)) {
      for (String text : value.texts()) {
        Path path = path(text, value.line());
        inputs.add(path);
        args.add(prefix + path);
      }
    } else {
      args.add(prefix + all);
    }
  }

  private static boolean isPath(ArgSpec argument) {
    return argument.type() == Path.class
        || Arrays.asList(argument.auxiliaryTypes()).contains(Path.class);
  }

  private Path path(String text, int line) {
    try {
      return plan.file().resolveSibling(text);
    } catch (InvalidPathException e) {
      throw plan.wrong(line, "not a path", "step", step.output(), "found", text);
    }
  }

  /** The command, parsed. */
  private Subcommand parse(boolean isLeft) {
    List<String> all = new ArrayList<>(args);
    all.addAll(kind.outputArgs(output().toString(), isLeft));
    CommandLine millrace = commands.apply(args.getFirst());
    try {
      CommandLine.ParseResult parsed = millrace.parseArgs(all.toArray(String[]::new));
      while (parsed.hasSubcommand()) {
        parsed = parsed.subcommand();
      }
      return parsed.commandSpec().commandLine().getCommand();
    } catch (ParameterException e) {
      throw plan.wrong(
          line(e.getArgSpec()), e.getMessage().lines().findFirst().orElse(""), "step", name());
    }
  }

  private int line(ArgSpec argument) {
    String name =
        argument instanceof OptionSpec option ? option.longestName().substring(2) : kind.command;
    PlanFile.Value value = argument == null ? null : step.fields().get(name);
    return value == null ? step.line() : value.line();
  }

  /** What the step makes, as the plan names it. */
  String name() {
    return step.output();
  }

  private Path output() {
    return path(step.output(), step.line()).normalize();
  }

  /** The command and its arguments, as they are written in a shell. */
  List<String> line() {
    List<String> all = new ArrayList<>(args);
    all.addAll(kind.outputArgs(output().toString(), false));
    return all;
  }

  /**
   * The step of the pipeline.
   *
   * @param results gets the command's result for JSON by the step's name
   */
  PipelineStep step(Output output, Map<String, Object> results) {
    return new PipelineStep(
        name(),
        output(),
        settings,
        inputs,
        kind.resumes(),
        datasets -> results.put(name(), run(datasets, output)));
  }

  private Object run(OpenDatasets datasets, Output output) {
    try {
      return parse(Files.exists(output())).runAsStep(datasets, output);
    } catch (ParameterException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }
}
