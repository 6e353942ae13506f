package io.millrace.sweeps.space;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.YamlNodes;
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
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a {@link SearchSpace} from YAML. Each error names file and line. One thread. */
final class SpaceYaml {
  private final YamlNodes yaml;

  private SpaceYaml(YamlNodes yaml) {
    this.yaml = yaml;
  }

  static SearchSpace read(Path file) {
    return new SpaceYaml(YamlNodes.read(file)).space();
  }

  private SearchSpace space() {
    Path file = yaml.file();
    Node root =
        yaml.root()
            .orElseThrow(() -> BadInputException.of("a search space is empty", "file", file));
    if (!(root instanceof MappingNode all)) {
      throw yaml.wrong(
          root, "a search space is a mapping of names to values", "found", YamlNodes.kind(root));
    }
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (NodeTuple entry : all.getValue()) {
      String name = yaml.scalar(entry.getKeyNode(), "name");
      parameters.put(name, parameter(name, entry.getValueNode()));
      lines.put(name, YamlNodes.line(entry.getKeyNode()));
    }
    return new SearchSpace(parameters, lines, file.toString());
  }

  private Parameter parameter(String name, Node node) {
    try {
      return switch (node) {
        case ScalarNode value -> new Choice(List.of(yaml.value(value)));
        case SequenceNode list -> choice(list);
        case MappingNode range -> range(name, range);
        default ->
            throw yaml.wrong(node, "a parameter is a value, a list or a range", "name", name);
      };
    } catch (BadInputException e) {
      if (e.getMessage().contains("line=")) {
        throw e;
      }
      throw new BadInputException(
          e.getMessage()
              + ", file="
              + yaml.file()
              + ", line="
              + YamlNodes.line(node)
              + ", name="
              + name,
          e);
    }
  }

  private Choice choice(SequenceNode list) {
    List<String> values = new ArrayList<>();
    for (Node node : list.getValue()) {
      String value =
          node instanceof SequenceNode inner
              ? inner.getValue().stream()
                  .map(it -> yaml.scalar(it, "value"))
                  .collect(Collectors.joining(","))
              : yaml.scalar(node, "value");
      if (values.contains(value)) {
        throw yaml.wrong(node, "a list names each value once", "value", value);
      }
      values.add(value);
    }
    return new Choice(values);
  }

  private Range range(String name, MappingNode node) {
    if (node.getValue().size() == 1) {
      NodeTuple entry = node.getValue().getFirst();
      String word = yaml.scalar(entry.getKeyNode(), "name");
      for (Scale scale : Scale.values()) {
        if (scale.name().toLowerCase(Locale.ROOT).equals(word)) {
          return range(scale, word, entry.getValueNode());
        }
      }
      throw yaml.wrong(
          entry.getKeyNode(), "a range is uniform, log or int", "name", name, "found", word);
    }
    throw yaml.wrong(node, "a range is uniform, log or int", "name", name);
  }

  private Range range(Scale scale, String word, Node ends) {
    if (!(ends instanceof SequenceNode list) || list.getValue().size() != 2) {
      throw yaml.wrong(ends, "a range is [low, high]", "range", word);
    }
    return new Range(scale, number(list.getValue().get(0)), number(list.getValue().get(1)));
  }

  private double number(Node node) {
    String text = yaml.scalar(node, "value");
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw yaml.wrong(node, "the end of a range is a number", "found", text);
    }
  }
}
