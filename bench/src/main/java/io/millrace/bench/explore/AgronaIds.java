package io.millrace.bench.explore;

import org.agrona.collections.Int2IntHashMap;

/** agrona's open-addressing map, keys and values side by side. */
final class AgronaIds extends LocalIds {
  private static final int MISSING = -1;

  private final Int2IntHashMap map = new Int2IntHashMap(MISSING);

  @Override
  void clear() {
    super.clear();
    map.clear();
  }

  @Override
  int localId(int globalId) {
    int known = map.putIfAbsent(globalId, size());
    return known == MISSING ? append(globalId) : known;
  }
}
