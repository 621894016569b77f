/**
 * The effects of the functions in a client's options on its types, and the types of children, partitions and added fields.
 * Checked by `test/compatibility.test.ts` under every supported TypeScript.
 */
import {
  createLearning,
  type Course,
  type CourseReview,
  type Learning,
  type LearningOptions,
} from "../cases/hooks/out.js";
import { createForum, type Reply } from "../cases/parents/out.js";
import { createStores, type Sale } from "../cases/partitions/out.js";
import type { RecordStream } from "@connector-gen/runtime";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function assert<T extends true>(): T;

const learning = createLearning({
  hooks: {
    courses: { filter: (course) => course.id > 0, map: async (course) => ({ key: `c${course.id}` }) },
    courseReviews: { filter: async (review) => review.text !== "", map: (review) => review.body.length },
    users: { filter: ({ id }) => id !== "" },
    logs: { map: (log) => ({ ...log, seen: true }) },
  },
});
assert<Equal<ReturnType<typeof learning.courses>, RecordStream<{ key: string }>>>();
assert<Equal<typeof learning, Learning<{ key: string }, number>>>();
assert<Equal<ReturnType<Learning["courses"]>, RecordStream<Course>>>();

export async function read(): Promise<void> {
  for await (const { key } of learning.courses()) key.toUpperCase();
  const review: CourseReview = { body: "", _courses_id: 1 };
  // @ts-expect-error a hook sees the field under its new name
  review.text;
}

/** Functions that are declared separately keep their types. */
const map = (course: Course): Course => course;
const users = { filter: () => true };
const same = createLearning({
  hooks: {
    courses: { filter: () => true, map },
    courseReviews: { filter: () => true, map: (review) => review },
    users,
    logs: { map: (log) => log },
  },
});
assert<Equal<ReturnType<typeof same.courses>, RecordStream<Course>>>();

/** Options in a constant: `satisfies` gives the functions their parameters and keeps their results. */
const options = {
  hooks: {
    courses: { filter: (course) => course.id > 0, map: (course) => ({ key: `c${course.id}` }) },
    courseReviews: { filter: () => true, map: async (review) => review.body.length },
    users,
    logs: { map: (log) => log },
  },
} satisfies LearningOptions<unknown, unknown>;
const kept = createLearning(options);
assert<Equal<typeof kept, Learning<{ key: string }, number>>>();
({
  hooks: {
    // @ts-expect-error the fields of a course
    courses: { filter: (course) => course.key > 0, map: (course) => course },
    courseReviews: { filter: () => true, map: (review) => review },
    users,
    logs: { map: (log) => log },
  },
}) satisfies LearningOptions<unknown, unknown>;
/** An annotation names the results, which are those of the API by default. */
const annotated: LearningOptions<{ key: string }> = {
  hooks: { ...options.hooks, courseReviews: { filter: () => true, map: (review) => review } },
};
const named = createLearning(annotated);
assert<Equal<typeof named, Learning<{ key: string }>>>();
// @ts-expect-error without arguments, `map` returns a course
const wrong: LearningOptions = options;
createLearning(wrong);

// @ts-expect-error the hooks must be given
createLearning();
// @ts-expect-error every one of them
createLearning({ hooks: { courses: { filter: () => true, map } } });
createLearning({
  hooks: {
    courses: { filter: () => true, map },
    // @ts-expect-error a filter says yes or no
    courseReviews: { filter: () => "yes", map: (review) => review },
    users,
    logs: { map: (log) => log },
  },
});

const forum = createForum();
forum.replies();
forum.replies({ thread_boards_id: 1, thread_id: "t" });
forum.replies({ limit: 1, thread_boards_id: undefined, thread_id: undefined });
// @ts-expect-error typed as the parent's field
forum.replies({ thread_boards_id: 1, thread_id: 1 });
// @ts-expect-error a parent has two values
forum.replies({ thread_id: "t" });
// @ts-expect-error the kind is required, whether or not a parent is given
forum.votes({ thread_boards_id: 1, thread_id: "t" });
assert<Equal<Reply["_threads_id"], string>>();
assert<Equal<Reply["_threads__boards_id"], number>>();

createStores({ host: "api.example.com", shops: ["a", "b"] });
// @ts-expect-error a list
createStores({ host: "api.example.com", shops: "a" });
assert<Equal<Sale["region"], "eu" | "us">>();
assert<Equal<Sale["year"], 2023 | 2024>>();
