package io.millrace.ranks;

import java.time.Duration;
import java.util.List;

class InProcessCollectiveTest extends CollectiveContract {
  @Override
  List<InProcessCollective> group(int size) {
    return InProcessCollective.group(size, Duration.ofSeconds(20));
  }
}
