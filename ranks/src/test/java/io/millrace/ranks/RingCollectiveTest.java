package io.millrace.ranks;

import io.millrace.ranks.ring.RingCollective;
import io.millrace.ranks.ring.RingGroup;
import java.util.List;

class RingCollectiveTest extends CollectiveContract {
  @Override
  List<RingCollective> group(int size) {
    return RingGroup.of(size);
  }
}
