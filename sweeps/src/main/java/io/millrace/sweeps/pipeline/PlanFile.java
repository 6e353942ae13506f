package io.millrace.sweeps.pipeline;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.platform.YamlNodes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A plan in YAML: a mapping of what each step makes to its command and options, as {@code model:
 * {train: data, epochs: 9}}. Immutable.
 *
 * @param steps in the order of the file
 */
@Internal
public record PlanFile(Path file, List<Step> steps) {
  /**
   * A step.
   *
   * @param output what it makes, as it is written
   * @param fields by their names, the command first; at least one
   */
  public record Step(String output, int line, Map<String, Value> fields) {}

  /**
   * A value.
   *
   * @param texts one, or those of a list
   * @param line of its name
   */
  public record Value(List<String> texts, int line) {}

  /**
   * Reads a plan.
   *
   * @throws BadInputException with file and line, if it is not a plan
   */
  public static PlanFile read(Path file) {
    YamlNodes yaml = YamlNodes.read(file);
    Node root =
        yaml.root().orElseThrow(() -> BadInputException.of("a plan is empty", "file", file));
    List<Step> steps = new ArrayList<>();
    for (NodeTuple entry :
        mapping(yaml, root, "a plan is a mapping of outputs to their steps").getValue()) {
      steps.add(step(yaml, entry));
    }
    return new PlanFile(file, steps);
  }

  private static Step step(YamlNodes yaml, NodeTuple entry) {
    String output = yaml.scalar(entry.getKeyNode(), "name");
    String rule = "a step is a mapping of its command, and options, to their values";
    MappingNode all = mapping(yaml, entry.getValueNode(), rule);
    if (all.getValue().isEmpty()) {
      throw yaml.wrong(all, rule, "step", output);
    }
    Map<String, Value> fields = new LinkedHashMap<>();
    for (NodeTuple field : all.getValue()) {
      fields.put(
          yaml.scalar(field.getKeyNode(), "name"),
          new Value(texts(yaml, field.getValueNode()), YamlNodes.line(field.getKeyNode())));
    }
    return new Step(output, YamlNodes.line(entry.getKeyNode()), fields);
  }

  private static List<String> texts(YamlNodes yaml, Node node) {
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().map(it -> yaml.scalar(it, "value")).toList();
    }
    return List.of(yaml.scalar(node, "value"));
  }

  private static MappingNode mapping(YamlNodes yaml, Node node, String rule) {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw yaml.wrong(node, rule, "found", YamlNodes.kind(node));
  }

  /** The error that a line is wrong. */
  public BadInputException wrong(int line, String rule, Object... more) {
    return YamlNodes.wrong(file, line, rule, more);
  }
}
