package io.millrace.training.torch;

import ai.djl.pytorch.jni.JniUtils;
import io.millrace.Internal;

/**
 * Sets whether operations of this thread are recorded for gradients, for the duration of a block.
 *
 * <p>The mode belongs to a thread and is on in every new thread, so code that trains or predicts
 * states what it needs instead of relying on what it finds. Unlike DJL's {@code GradientCollector},
 * of which a process may have only one, it can be used by any number of threads. {@link #close}
 * restores the previous mode, on the same thread.
 */
@Internal
public final class GradMode implements AutoCloseable {
  private final boolean before = JniUtils.isGradMode();

  private GradMode(boolean recording) {
    JniUtils.setGradMode(recording);
  }

  public static GradMode on() {
    return new GradMode(true);
  }

  public static GradMode off() {
    return new GradMode(false);
  }

  @Override
  public void close() {
    JniUtils.setGradMode(before);
  }
}
