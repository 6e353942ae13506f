package io.millrace.bench.explore;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;

/** fastutil's open-addressing map, keys and values in an array each. */
final class FastutilIds extends LocalIds {
  private final Int2IntOpenHashMap map = new Int2IntOpenHashMap();

  FastutilIds() {
    map.defaultReturnValue(-1);
  }

  @Override
  void clear() {
    super.clear();
    map.clear();
  }

  @Override
  int localId(int globalId) {
    int known = map.putIfAbsent(globalId, size());
    return known < 0 ? append(globalId) : known;
  }
}
