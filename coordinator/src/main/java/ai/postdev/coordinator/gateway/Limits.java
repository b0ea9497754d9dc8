package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import java.util.List;

/** Checks requests against the bounds of the doors. */
final class Limits {
    private static final List<String> MODES = List.of("", "auto", "text", "regex", "symbol", "vector");

    private final GatewaySettings settings;

    Limits(GatewaySettings settings) {
        this.settings = settings;
    }

    int limit(int asked, int fallback) {
        if (asked < 0 || asked > settings.limitMax()) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    "limit is " + asked + ", expected 1 to " + settings.limitMax() + " (postdevai.gateway.limit-max)");
        }
        return asked == 0 ? fallback : asked;
    }

    void query(String query) {
        text("a query", query, settings.queryCharsMax(), "query-chars-max");
    }

    void text(String what, String text) {
        text(what, text, settings.noteCharsMax(), "note-chars-max");
    }

    private static void text(String what, String text, int max, String key) {
        if (text.isBlank()) {
            throw new DoorFault(FaultCode.INVALID_ARGUMENT, what + " must not be empty");
        }
        if (text.length() > max) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT,
                    what + " has " + text.length() + " characters, at most " + max + " are allowed (postdevai.gateway."
                            + key + ")");
        }
    }

    void mode(String mode) {
        if (!MODES.contains(mode)) {
            throw new DoorFault(
                    FaultCode.INVALID_ARGUMENT, "mode is '" + mode + "', expected auto, text, regex, symbol or vector");
        }
    }
}
