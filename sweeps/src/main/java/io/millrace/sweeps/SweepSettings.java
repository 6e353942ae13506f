package io.millrace.sweeps;

import io.millrace.sweeps.space.SearchSpace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All settings of a sweep; {@link SweepBuilder} says what each means. Immutable. */
record SweepSettings(
    SearchSpace space,
    Path folder,
    int trials,
    ScheduleOptions schedule,
    int parallel,
    boolean sharesBatches,
    long seed,
    long samplingSeed,
    boolean resume,
    Optional<Path> replay,
    Set<String> changing,
    String about,
    SweepRanks ranks,
    Optional<TrialJobs> jobs) {
  /** What a sweep that resumes must have in common with its log. */
  Map<String, String> identity() {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("trials", String.valueOf(trials));
    identity.put("scheduler", schedule.toString());
    identity.put("seed", String.valueOf(seed));
    identity.put("sampling seed", String.valueOf(samplingSeed));
    identity.put("space", space.toString());
    if (schedule.kind() == SchedulerKind.PBT) {
      identity.put("changing", new TreeSet<>(changing).toString());
    }
    identity.put("training", about);
    return identity;
  }
}
