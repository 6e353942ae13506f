/**
 * Losses, class weights, and the labelled nodes they are computed over.
 *
 * <p>Begin with {@link io.millrace.training.loss.Loss} and Criterion, its implementation for a
 * dataset.
 *
 * <p>Decision: <b>a loss is a sum and a count</b>, not a mean, so the parts of a divided batch add
 * up to the whole. Class weights of cross-entropy have the mean 1 over the training nodes, and the
 * sum is divided by the number of labelled seeds. So the gradient of a batch is an unbiased
 * estimate of the weighted mean over all of them; with torch's division by the weights of the batch
 * it is not.
 *
 * <p>Decision: <b>a loss is open, and gives its terms one by one.</b> So a user's own knows nothing
 * of unknown answers, of divided batches or of the count. Cross-entropy and BCE keep torch's fused
 * sums.
 */
package io.millrace.training.loss;
