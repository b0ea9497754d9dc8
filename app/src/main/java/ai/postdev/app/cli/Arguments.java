package ai.postdev.app.cli;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.developer.client.ClientFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line that was understood.
 *
 * @param options by name; a flag has one empty value
 */
record Arguments(Verb verb, Map<String, List<String>> options, List<String> positional) {
    Arguments {
        options = Map.copyOf(options);
        positional = List.copyOf(positional);
    }

    /**
     * Reads plain arguments: known verb, known options as {@code --name value} or {@code --name=value}, {@code --} before
     * arguments that begin with a dash. Everything else, help included, is null: picocli answers it.
     */
    static Arguments plain(String[] args) {
        Verb verb = args.length == 0 ? null : Verbs.named(args[0]);
        if (verb == null) {
            return null;
        }
        Map<String, List<String>> options = new HashMap<>();
        List<String> positional = new ArrayList<>();
        boolean onlyPositional = false;
        for (int i = 1; i < args.length; i++) {
            String arg = args[i];
            if (onlyPositional || !arg.startsWith("-") || arg.equals("-")) {
                positional.add(arg);
            } else if (arg.equals("--")) {
                onlyPositional = true;
            } else {
                int equals = arg.indexOf('=');
                Option option = verb.option(equals < 0 ? arg : arg.substring(0, equals));
                if (option == null || !option.takesValue() && equals >= 0) {
                    return null;
                }
                String value = "";
                if (equals >= 0) {
                    value = arg.substring(equals + 1);
                } else if (option.takesValue()) {
                    if (++i >= args.length || args[i].startsWith("--")) {
                        return null;
                    }
                    value = args[i];
                }
                List<String> values = options.computeIfAbsent(option.name(), _ -> new ArrayList<>());
                if (!values.isEmpty() && !option.many()) {
                    return null;
                }
                values.add(value);
            }
        }
        return positional.size() < verb.min() || positional.size() > verb.max()
                ? null
                : new Arguments(verb, options, positional);
    }

    boolean has(String name) {
        return options.containsKey(name);
    }

    /** The value of an option, or nothing. */
    String value(String name) {
        List<String> values = options.get(name);
        return values == null ? "" : values.getFirst();
    }

    List<String> values(String name) {
        return options.getOrDefault(name, List.of());
    }

    /** A whole number at least 1, or 0 if the option is absent. */
    int count(String name) throws ClientFault {
        if (!has(name)) {
            return 0;
        }
        String text = value(name);
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return count;
            }
        } catch (NumberFormatException _) {
            // Told below, like a number that is too small.
        }
        throw new ClientFault(
                FaultCode.INVALID_ARGUMENT, name + " is '" + text + "', expected a whole number of at least 1");
    }

    /** The arguments as one text. */
    String text() {
        return String.join(" ", positional);
    }
}
