package ai.postdev.actors.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/** Makes values of wire classes from a seed, by their shape alone, and compares them part by part. */
final class Samples {
    private static final String[] WORDS = {
        "x", "src/Main.java", "naïve Größe", "日本語", "a\nb\tc", "🙂 smile", "k".repeat(300)
    };

    private final Random random;
    private final ActorRef<?> actor;
    private final boolean stable;

    private Samples(long seed, ActorRef<?> actor, boolean stable) {
        this.random = new Random(seed);
        this.actor = actor;
        this.stable = stable;
    }

    /** Values of every shape. */
    static Samples of(long seed, ActorRef<?> actor) {
        return new Samples(seed, actor, false);
    }

    /** Values that stay the same when constants, kinds of bodies and fields of protobuf messages are added. */
    static Samples stable(long seed, ActorRef<?> actor) {
        return new Samples(seed, actor, true);
    }

    Object of(Type type) {
        return switch (type) {
            case Class<?> raw -> ofClass(raw);
            case ParameterizedType generic when generic.getRawType() == List.class -> list(generic);
            case ParameterizedType generic when generic.getRawType() == Map.class -> map(generic);
            case ParameterizedType generic -> ofClass((Class<?>) generic.getRawType());
            case TypeVariable<?> _ -> List.of(ofClass(String.class), ofClass(Long.class));
            default -> throw new IllegalArgumentException("no samples of " + type);
        };
    }

    private Object list(ParameterizedType type) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(of(type.getActualTypeArguments()[0]));
        }
        return list;
    }

    private Object map(ParameterizedType type) {
        Map<Object, Object> map = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(of(type.getActualTypeArguments()[0]), of(type.getActualTypeArguments()[1]));
        }
        return map;
    }

    private Object ofClass(Class<?> type) {
        if (type == String.class) {
            return WORDS[random.nextInt(WORDS.length)];
        } else if (type == long.class || type == Long.class) {
            return 1 + random.nextLong(1L << 40);
        } else if (type == int.class || type == Integer.class) {
            return random.nextInt();
        } else if (type == double.class) {
            return random.nextDouble();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == byte[].class) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return bytes;
        } else if (type == float[].class) {
            float[] floats = new float[random.nextInt(8)];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = random.nextFloat();
            }
            return floats;
        } else if (type == ActorRef.class) {
            return actor;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[pick(type.getEnumConstants().length)];
        } else if (Message.class.isAssignableFrom(type)) {
            return proto(type);
        } else if (type.isRecord()) {
            return record(type);
        } else if (type.isSealed()) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            return ofClass(permitted[pick(permitted.length)]);
        }
        throw new IllegalArgumentException("no samples of " + type);
    }

    private int pick(int choices) {
        return stable ? 0 : random.nextInt(choices);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        boolean id = components.length == 1 && components[0].getType() == String.class;
        for (int i = 0; i < values.length; i++) {
            values[i] = id ? "id-" + random.nextInt(1000) : of(components[i].getGenericType());
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }

    private Message proto(Class<?> type) {
        try {
            return fill(((Message) type.getMethod("getDefaultInstance").invoke(null)).newBuilderForType(), 2);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no sample of " + type, e);
        }
    }

    private Message fill(Message.Builder builder, int depth) {
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            if (stable && field.getNumber() > 2) {
                continue;
            }
            if (field.isMapField() || (depth == 0 && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)) {
                continue; // the order of a map's bytes is not defined
            }
            if (field.isRepeated()) {
                builder.addRepeatedField(field, value(builder, field, depth));
            } else {
                builder.setField(field, value(builder, field, depth));
            }
        }
        return builder.build();
    }

    private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt();
            case LONG -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> ofClass(String.class);
            case BYTE_STRING -> ByteString.copyFrom((byte[]) ofClass(byte[].class));
            case ENUM -> field.getEnumType().getValues().getFirst();
            case MESSAGE -> fill(builder.newBuilderForField(field), depth - 1);
        };
    }

    /** Equality that looks into arrays. */
    static boolean same(Object one, Object other) {
        if (one == null || other == null || one.equals(other)) {
            return Objects.equals(one, other);
        }
        if (one.getClass().isArray() && one.getClass() == other.getClass()) {
            return Array.getLength(one) == Array.getLength(other)
                    && IntStream.range(0, Array.getLength(one))
                            .allMatch(i -> Array.get(one, i).equals(Array.get(other, i)));
        }
        if (one instanceof List<?> list && other instanceof List<?> otherList) {
            return list.size() == otherList.size()
                    && IntStream.range(0, list.size()).allMatch(i -> same(list.get(i), otherList.get(i)));
        }
        return one.getClass().isRecord()
                && one.getClass() == other.getClass()
                && Arrays.stream(one.getClass().getRecordComponents())
                        .allMatch(component -> same(read(component, one), read(component, other)));
    }

    private static Object read(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    /** The classes that a value of {@code type} can be made of, as far as records and sealed interfaces say. */
    static void collect(Type type, java.util.Set<Class<?>> found) {
        switch (type) {
            case ParameterizedType generic -> {
                for (Type argument : generic.getActualTypeArguments()) {
                    collect(argument, found);
                }
                collect(generic.getRawType(), found);
            }
            case Class<?> raw
            when raw.isSealed() && raw.isInterface() -> {
                for (Class<?> permitted : raw.getPermittedSubclasses()) {
                    collect(permitted, found);
                }
            }
            case Class<?> raw
            when raw.isRecord() && found.add(raw) -> {
                for (RecordComponent component : raw.getRecordComponents()) {
                    // Who answers stays where it is; only its address travels.
                    if (component.getType() != ActorRef.class) {
                        collect(component.getGenericType(), found);
                    } else {
                        answers(component.getGenericType(), found);
                    }
                }
            }
            case Class<?> raw
            when raw.isEnum() || (Message.class.isAssignableFrom(raw) && !Modifier.isAbstract(raw.getModifiers())) ->
                found.add(raw);
            default -> {
                // Primitives, strings, containers and type variables need no entry of their own.
            }
        }
    }

    /** What an actor reference takes will travel back. */
    private static void answers(Type actorRef, java.util.Set<Class<?>> found) {
        for (Type argument : ((ParameterizedType) actorRef).getActualTypeArguments()) {
            collect(argument, found);
        }
    }
}
