package io.millrace.transfer.trace;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A stage of a batch, for the JDK's Flight Recorder. Off unless a recording enables {@code
 * io.millrace.Stage}: there is one per stage and batch.
 */
@Name("io.millrace.Stage")
@Label("Pipeline stage")
@Category("Millrace")
@StackTrace(false)
@Enabled(false)
final class StageEvent extends Event {
  @Label("Stage")
  String stage;

  @Label("Batch")
  int batch;
}
