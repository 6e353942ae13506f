package io.millrace.datasets.overlay;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of added nodes. All versions share it, because a name stays that of its node: a version
 * passes over the nodes that came after it. Thread-safe.
 */
final class AddedNames {
  private final Map<String, Integer> nodes = new ConcurrentHashMap<>();

  /**
   * @param numNodes of the version that asks
   */
  OptionalInt node(String name, int numNodes) {
    Integer node = nodes.get(name);
    return node == null || node >= numNodes ? OptionalInt.empty() : OptionalInt.of(node);
  }

  boolean any() {
    return !nodes.isEmpty();
  }

  void add(String name, int node) {
    nodes.put(name, node);
  }
}
