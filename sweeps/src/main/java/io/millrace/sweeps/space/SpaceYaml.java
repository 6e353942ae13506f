package io.millrace.sweeps.space;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.YamlFields;
import io.millrace.sweeps.space.Parameter.Choice;
import io.millrace.sweeps.space.Parameter.Range;
import io.millrace.sweeps.space.Parameter.Scale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a {@link SearchSpace} from YAML. Each error names file and line. One thread. */
final class SpaceYaml {
  private final Path file;

  private SpaceYaml(Path file) {
    this.file = file;
  }

  static SearchSpace read(Path file) {
    String text = YamlFields.read(file);
    YamlFields.of(file, text); // refuses what is no YAML, or too deep, or names a key twice
    return new SpaceYaml(file).space(text);
  }

  private SearchSpace space(String text) {
    Node root =
        new Compose(LoadSettings.builder().build())
            .composeString(text)
            .orElseThrow(() -> BadInputException.of("a search space is empty", "file", file));
    if (!(root instanceof MappingNode all)) {
      throw wrong(root, "a search space is a mapping of names to values", "found", kind(root));
    }
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (NodeTuple entry : all.getValue()) {
      String name = scalar(entry.getKeyNode(), "name");
      parameters.put(name, parameter(name, entry.getValueNode()));
      lines.put(name, line(entry.getKeyNode()));
    }
    return new SearchSpace(parameters, lines, file.toString());
  }

  private Parameter parameter(String name, Node node) {
    try {
      return switch (node) {
        case ScalarNode value -> new Choice(List.of(value(value)));
        case SequenceNode list -> choice(list);
        case MappingNode range -> range(name, range);
        default -> throw wrong(node, "a parameter is a value, a list or a range", "name", name);
      };
    } catch (BadInputException e) {
      if (e.getMessage().contains("line=")) {
        throw e;
      }
      throw new BadInputException(
          e.getMessage() + ", file=" + file + ", line=" + line(node) + ", name=" + name, e);
    }
  }

  private Choice choice(SequenceNode list) {
    List<String> values = new ArrayList<>();
    for (Node node : list.getValue()) {
      String value =
          node instanceof SequenceNode inner
              ? inner.getValue().stream()
                  .map(it -> scalar(it, "value"))
                  .collect(Collectors.joining(","))
              : scalar(node, "value");
      if (values.contains(value)) {
        throw wrong(node, "a list names each value once", "value", value);
      }
      values.add(value);
    }
    return new Choice(values);
  }

  private Range range(String name, MappingNode node) {
    if (node.getValue().size() == 1) {
      NodeTuple entry = node.getValue().getFirst();
      String word = scalar(entry.getKeyNode(), "name");
      for (Scale scale : Scale.values()) {
        if (scale.name().toLowerCase(Locale.ROOT).equals(word)) {
          return range(scale, word, entry.getValueNode());
        }
      }
      throw wrong(
          entry.getKeyNode(), "a range is uniform, log or int", "name", name, "found", word);
    }
    throw wrong(node, "a range is uniform, log or int", "name", name);
  }

  private Range range(Scale scale, String word, Node ends) {
    if (!(ends instanceof SequenceNode list) || list.getValue().size() != 2) {
      throw wrong(ends, "a range is [low, high]", "range", word);
    }
    return new Range(scale, number(list.getValue().get(0)), number(list.getValue().get(1)));
  }

  private double number(Node node) {
    String text = scalar(node, "value");
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw wrong(node, "the end of a range is a number", "found", text);
    }
  }

  private String scalar(Node node, String what) {
    if (node instanceof ScalarNode value) {
      return value(value);
    }
    throw wrong(node, "a " + what + " is a number or a text", "found", kind(node));
  }

  private String value(ScalarNode node) {
    if (node.getValue().isEmpty() || node.getValue().equals("null")) {
      throw wrong(node, "a value is missing");
    }
    return node.getValue();
  }

  private static String kind(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      default -> "a value";
    };
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private BadInputException wrong(Node node, String rule, Object... more) {
    Object[] all = new Object[more.length + 4];
    all[0] = "file";
    all[1] = file;
    all[2] = "line";
    all[3] = line(node);
    System.arraycopy(more, 0, all, 4, more.length);
    return BadInputException.of(rule, all);
  }
}
