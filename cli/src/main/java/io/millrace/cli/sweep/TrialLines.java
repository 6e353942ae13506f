package io.millrace.cli.sweep;

import io.millrace.BadInputException;
import io.millrace.cli.command.Format;
import io.millrace.cli.train.TrainLine;
import io.millrace.sweeps.Trial;
import io.millrace.sweeps.space.Parameter;
import io.millrace.sweeps.space.SearchSpace;
import io.millrace.training.metrics.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The trials of a sweep as lines of {@code train}: the options that the sweep was given for all,
 * then those of the trial. Immutable; several threads may use it.
 *
 * @param commands makes the {@code millrace} command
 * @param dataset as it was written
 * @param given options for all trials, by their names without dashes
 * @param maxEpochs of a trial
 * @param samplingSeed of all trials
 */
record TrialLines(
    Supplier<CommandLine> commands,
    Path dataset,
    Map<String, String> given,
    int maxEpochs,
    long samplingSeed) {
  private static final String SAMPLING_SEED = "sampling-seed";
  private static final String VIRTUAL_NODES = "virtual-nodes";

  /** What the sweep decides, and what it has no use for. */
  private static final Set<String> NOT_OF_TRIALS =
      Set.of("epochs", "patience", SAMPLING_SEED, "feature-cache", "feature-cache-ranking");

  /** What no array depends on, so that it may change in the course of a training. */
  private static final Set<String> CHANGING =
      Set.of("lr", "dropout", "weight-decay", "momentum", "clip");

  /**
   * @param sweep the command, which was parsed
   * @throws BadInputException if it was given an option that a sweep does not have
   */
  static TrialLines of(
      Supplier<CommandLine> commands, CommandSpec sweep, Path dataset, int maxEpochs, long seed) {
    Set<String> known = TrainLine.names();
    Map<String, String> given = new LinkedHashMap<>();
    given.put("compute-threads", "1");
    for (OptionSpec option : sweep.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName().substring(2);
      if (known.contains(name)) {
        given.put(
            name,
            option.arity().max() > 0
                ? option.originalStringValues().getLast()
                : String.valueOf(flag(option.typedValues().getLast())));
      }
    }
    long samplingSeed =
        given.containsKey(SAMPLING_SEED) ? Long.parseLong(given.remove(SAMPLING_SEED)) : seed;
    for (String name : List.of("epochs", "patience")) {
      if (given.containsKey(name)) {
        throw BadInputException.of(
            "a sweep has --max-epochs and a scheduler", "--" + name, given.get(name));
      }
    }
    return new TrialLines(commands, dataset, given, maxEpochs, samplingSeed);
  }

  private static Object flag(Object typed) {
    return typed instanceof Optional<?> optional ? optional.orElse(null) : typed;
  }

  /**
   * Tries each value of the space, and both ends of a range, by itself.
   *
   * @throws BadInputException with file and line, if train does not have an option or its value
   */
  void requireFitting(SearchSpace space) {
    Set<String> names = new TreeSet<>(TrainLine.names());
    names.removeAll(NOT_OF_TRIALS);
    for (Map.Entry<String, Parameter> parameter : space.parameters().entrySet()) {
      String name = parameter.getKey();
      if (!names.contains(name)) {
        throw space.wrong(name, "train has no such option that a sweep may try");
      }
      for (String value : parameter.getValue().extremes()) {
        try {
          TrainLine.parse(commands.get(), args(Map.of(name, value)));
        } catch (CommandLine.ParameterException e) {
          throw space.wrong(name, e.getMessage());
        }
      }
    }
  }

  /**
   * The same trials shared by ranks: with a virtual node for each, unless there are more.
   *
   * @param space that fits
   * @throws BadInputException if there may be fewer
   */
  TrialLines onRanks(int numRanks, SearchSpace space) {
    Parameter tried = space.parameters().get(VIRTUAL_NODES);
    if (tried != null) {
      if (tried.extremes().stream().anyMatch(it -> Integer.parseInt(it) < numRanks)) {
        throw space.wrong(VIRTUAL_NODES, "each of " + numRanks + " ranks needs a virtual node");
      }
      return this;
    }
    Map<String, String> all = new LinkedHashMap<>(given);
    int number = Integer.parseInt(all.getOrDefault(VIRTUAL_NODES, "1"));
    if (number > 1 && number < numRanks) {
      throw BadInputException.of(
          "each rank needs a virtual node", "--" + VIRTUAL_NODES, number, "ranks", numRanks);
    }
    all.put(VIRTUAL_NODES, String.valueOf(Math.max(number, numRanks)));
    return new TrialLines(commands, dataset, all, maxEpochs, samplingSeed);
  }

  /** The names of the space whose values population-based training may change. */
  Set<String> changing(SearchSpace space) {
    Set<String> names = new LinkedHashSet<>(space.names());
    names.retainAll(CHANGING);
    return names;
  }

  /** What selects the best epoch, which must be the same for all trials. */
  Metric metric(SearchSpace space) {
    if (space.varying().contains("metric")) {
      throw space.wrong("metric", "trials are compared by one metric");
    }
    return TrainLine.parse(commands.get(), metricArgs(space)).metric();
  }

  private List<String> metricArgs(SearchSpace space) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : List.of("metric", "task")) {
      Parameter parameter = space.parameters().get(name);
      if (parameter != null) {
        settings.put(name, parameter.extremes().getFirst());
      }
    }
    List<String> args = new ArrayList<>(List.of(dataset.toString()));
    Map<String, String> all = new LinkedHashMap<>(given);
    all.keySet().retainAll(Set.of("metric", "task"));
    all.putAll(settings);
    all.forEach((name, value) -> args.add("--" + name + "=" + value));
    return args;
  }

  /** The training of a trial. */
  TrainLine line(Trial trial) {
    try {
      TrainLine line = TrainLine.parse(commands.get(), args(trial));
      line.requireModel();
      return line;
    } catch (CommandLine.ParameterException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  private List<String> args(Trial trial) {
    List<String> args = args(trial.settings());
    args.add("--seed=" + trial.seed());
    args.add("--sampling-seed=" + samplingSeed);
    return args;
  }

  private List<String> args(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.putAll(settings);
    all.put("epochs", String.valueOf(maxEpochs));
    List<String> args = new ArrayList<>(List.of(dataset.toString()));
    all.forEach((name, value) -> args.add("--" + name + "=" + value));
    return args;
  }

  /** The options for all trials that results depend on, by their names without dashes. */
  Map<String, String> fixed() {
    Map<String, String> all = new LinkedHashMap<>(given);
    all.remove("compute-threads");
    return all;
  }

  /** The command that trains a trial alone, all its epochs. */
  String again(Trial trial) {
    return args(trial).stream()
        .map(Format::argument)
        .collect(Collectors.joining(" ", "millrace train ", ""));
  }
}
