package ai.postdev.developer.client;

import java.time.Duration;

/**
 * Bounds of a client.
 *
 * @param deadline for one call with all its attempts
 * @param attemptsMax how often a call that may be repeated is tried
 * @param backoffFirst longest pause before the second attempt; doubles with each further one
 * @param backoffMax longest pause
 * @param answerBytesMax bound on one answer
 */
public record ClientSettings(
        Duration deadline, int attemptsMax, Duration backoffFirst, Duration backoffMax, int answerBytesMax) {
    /** What the command line uses. */
    public static final ClientSettings DEFAULT =
            new ClientSettings(Duration.ofSeconds(30), 4, Duration.ofMillis(50), Duration.ofSeconds(1), 256 << 20);

    /** These settings with another deadline. */
    public ClientSettings withDeadline(Duration next) {
        return new ClientSettings(next, attemptsMax, backoffFirst, backoffMax, answerBytesMax);
    }
}
