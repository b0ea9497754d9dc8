package ai.postdev.mlx;

/**
 * What came of one session's step.
 *
 * @param token the token that was drawn, or -1 when none was asked for; it is not fed yet
 * @param logprob the natural logarithm of its probability, after mask and repetition penalty, before temperature
 * @param topTokens the most likely tokens, most likely first; empty unless asked for
 * @param topLogprobs their logarithms, in the same order
 * @param logits the raw logits that were asked for, one row after another; empty unless asked for
 */
public record StepResult(int token, float logprob, int[] topTokens, float[] topLogprobs, float[] logits) {}
