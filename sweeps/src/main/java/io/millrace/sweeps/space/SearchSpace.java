package io.millrace.sweeps.space;

import io.millrace.BadInputException;
import io.millrace.sampler.draw.BatchRandom;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The settings that a sweep tries: a {@link Parameter} for each name. As a YAML file:
 *
 * <pre>{@code
 * lr: {log: [1e-4, 1e-1]}       # its logarithm is uniform
 * dropout: {uniform: [0, 0.6]}
 * hidden: [64, 128, 256]        # one of a list
 * layers: {int: [2, 4]}         # whole numbers, both ends included
 * fanout: [[10, 5], [15, 10]]   # a list in a list is one value: "10,5"
 * batch-size: 512               # always this
 * }</pre>
 *
 * <p>The settings of a trial follow from a seed and its number alone; numbers from a range have 4
 * significant digits. Where every parameter is a list, no combination is tried twice before all
 * were tried. Immutable.
 */
public final class SearchSpace {
  private static final double RESAMPLED = 0.25;
  private static final int MAX_COMBINATIONS = 1 << 16;

  private final Map<String, Parameter> parameters;
  private final Map<String, Integer> lines;
  private final String source;

  SearchSpace(Map<String, Parameter> parameters, Map<String, Integer> lines, String source) {
    if (parameters.isEmpty()) {
      throw BadInputException.of("a search space needs a parameter", "space", source);
    }
    this.parameters = new LinkedHashMap<>(parameters);
    this.lines = lines;
    this.source = source;
  }

  /** From code; the map's order is that of tables. */
  public static SearchSpace of(Map<String, Parameter> parameters) {
    return new SearchSpace(parameters, Map.of(), "code");
  }

  /**
   * @throws BadInputException with file and line, if it is no search space
   */
  public static SearchSpace read(Path file) {
    return SpaceYaml.read(file);
  }

  public Map<String, Parameter> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  /** The names, in order. */
  public List<String> names() {
    return List.copyOf(parameters.keySet());
  }

  /** The names whose value is not always the same, in order. */
  public List<String> varying() {
    return parameters.entrySet().stream()
        .filter(it -> it.getValue().list().size() != 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * The settings of a trial: drawn at random; or, where every parameter is a list, the combinations
   * in random order, and again from the first once all were tried.
   */
  public Map<String, String> draw(long seed, int trial) {
    OptionalInt combinations = numCombinations();
    if (combinations.isPresent()) {
      return combination(shuffled(seed, combinations.getAsInt(), trial));
    }
    Map<String, String> settings = new LinkedHashMap<>();
    parameters.forEach((name, it) -> settings.put(name, it.draw(random(seed, trial, 0, name))));
    return settings;
  }

  /** If all parameters are lists, and that is not too many to be put in order. */
  public OptionalInt numCombinations() {
    long number = 1;
    for (Parameter parameter : parameters.values()) {
      number *= parameter.list().size();
      if (number == 0 || number > MAX_COMBINATIONS) {
        return OptionalInt.empty();
      }
    }
    return OptionalInt.of((int) number);
  }

  /** The number at a place of a random order of the numbers below {@code size}. */
  private static int shuffled(long seed, int size, int place) {
    int[] order = IntStream.range(0, size).toArray();
    long key = BatchRandom.batchSeed(seed, -1, -1);
    for (int i = size - 1; i > 0; i--) {
      int j = BatchRandom.bounded(key, i, i + 1);
      int number = order[i];
      order[i] = order[j];
      order[j] = number;
    }
    return order[place % size];
  }

  /** The last name's values change fastest. */
  private Map<String, String> combination(int number) {
    int rest = number;
    Map<String, String> reversed = new LinkedHashMap<>();
    for (String name : names().reversed()) {
      List<String> values = parameters.get(name).list();
      reversed.put(name, values.get(rest % values.size()));
      rest /= values.size();
    }
    Map<String, String> settings = new LinkedHashMap<>();
    names().forEach(name -> settings.put(name, reversed.get(name)));
    return settings;
  }

  /**
   * The settings of a trial that continues as a copy: each name that may change is drawn anew with
   * probability 1/4, or else takes a value near its own.
   *
   * @param settings of the trial that is copied
   * @param changing the names that may change
   * @param round of copies, from 1
   */
  public Map<String, String> explore(
      Map<String, String> settings, Set<String> changing, long seed, int trial, int round) {
    Map<String, String> next = new LinkedHashMap<>(settings);
    parameters.forEach(
        (name, parameter) -> {
          if (changing.contains(name)) {
            RandomGenerator random = random(seed, trial, round, name);
            next.put(
                name,
                random.nextDouble() < RESAMPLED
                    ? parameter.draw(random)
                    : parameter.near(settings.get(name), random));
          }
        });
    return next;
  }

  private static RandomGenerator random(long seed, int trial, int round, String name) {
    long key = BatchRandom.key(BatchRandom.batchSeed(seed, trial, round), name.hashCode());
    return new SplittableRandom(key);
  }

  /** An error about a name, with file and line where the space comes from a file. */
  public BadInputException wrong(String name, String rule) {
    return lines.containsKey(name)
        ? BadInputException.of(rule, "file", source, "line", lines.get(name), "name", name)
        : BadInputException.of(rule, "name", name);
  }

  /** The parameters, in order. */
  @Override
  public String toString() {
    return parameters.toString();
  }
}
