package ai.postdev.coordinator.gateway;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Bounds of the doors, read once from {@code postdevai.gateway}.
 *
 * @param grpcHost loopback address of the gRPC door
 * @param grpcPort 0 takes a free one
 * @param deadlineDefault for a caller that names none
 * @param deadlineMax longest that one answer may take; a caller's longer deadline is cut to it
 * @param requestBytesMax bound on one request
 * @param connectionsMax connections of the socket door at once
 * @param idleMax a socket connection without traffic for this long is closed
 * @param limitMax most hits, events or relations of one answer
 * @param searchLimit hits when the caller names no limit
 * @param listLimit events and relations when the caller names no limit
 * @param queryCharsMax longest query, in UTF-16 units
 * @param noteCharsMax longest text of a note or of a recall, in UTF-16 units
 * @param progressMax progress messages of {@code Up} kept for a slow reader; older ones are dropped
 * @param answerEventsMax pieces of a model's answer kept for a slow reader; one who lags behind more is cut off
 * @param answersPerStreamMax answers under way at once on one stream of {@code GenerateStream}
 * @param evidenceTokens that an answer rests on, unless the caller says otherwise
 * @param answerTokens of an answer to a question, at most
 * @param benchTime that measuring a model takes, besides its load and one round
 */
public record GatewaySettings(
        String grpcHost,
        int grpcPort,
        Duration deadlineDefault,
        Duration deadlineMax,
        int requestBytesMax,
        int connectionsMax,
        Duration idleMax,
        int limitMax,
        int searchLimit,
        int listLimit,
        int queryCharsMax,
        int noteCharsMax,
        int progressMax,
        int answerEventsMax,
        int answersPerStreamMax,
        int evidenceTokens,
        int answerTokens,
        Duration benchTime) {

    /** Reads the settings from the whole configuration of the node. */
    public static GatewaySettings from(Config root) {
        Config config = root.getConfig("postdevai.gateway");
        return new GatewaySettings(
                config.getString("grpc.host"),
                config.getInt("grpc.port"),
                config.getDuration("deadline-default"),
                config.getDuration("deadline-max"),
                Math.toIntExact(config.getBytes("request-bytes-max")),
                config.getInt("connections-max"),
                config.getDuration("idle-max"),
                config.getInt("limit-max"),
                config.getInt("search-limit"),
                config.getInt("list-limit"),
                config.getInt("query-chars-max"),
                config.getInt("note-chars-max"),
                config.getInt("progress-max"),
                config.getInt("answer-events-max"),
                config.getInt("answers-per-stream-max"),
                config.getInt("ask.evidence-tokens"),
                config.getInt("ask.answer-tokens"),
                config.getDuration("bench-time"));
    }
}
