package io.millrace.bench.explore;

import java.util.HashMap;
import java.util.Map;

/** The JDK's map, boxes and all. */
final class JavaUtilIds extends LocalIds {
  private final Map<Integer, Integer> map = new HashMap<>();

  @Override
  void clear() {
    super.clear();
    map.clear();
  }

  @Override
  int localId(int globalId) {
    Integer known = map.putIfAbsent(globalId, size());
    return known == null ? append(globalId) : known;
  }
}
