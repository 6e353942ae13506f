/**
 * {@code millrace infer}: a saved model's predictions for nodes. Begin with {@code InferCommand};
 * its options are in {@code InferOptions}, those of the result files in {@code ResultOptions}.
 *
 * <p>The computation is {@code io.millrace.training.inference}; here are options, progress and the
 * printed result. Node names of an imported dataset are accepted and written where it has them.
 */
package io.millrace.cli.infer;
