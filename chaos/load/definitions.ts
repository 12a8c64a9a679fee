/** The definitions that every run publishes, by file name. Process ids begin with `chaos-`: the checks look at nothing else. */
import {
  body,
  call,
  choice,
  each,
  effect,
  end,
  merge,
  messageCatch,
  notify,
  processXml,
  script,
  start,
  subProcess,
  timer,
  userTask,
} from './models.ts';

/** Name of the message that cases wait for. */
export const newsMessage = 'chaos.news';

const loop = (rounds: string): string =>
  body(
    {
      start: start('start'),
      again: merge('again'),
      round: userTask('round', { output: ['n', 'n + 1'] }),
      enough: choice('enough', 'enough-end'),
      end: end('end'),
    },
    [
      'start>again',
      'again>round',
      'round>enough',
      { id: 'more', from: 'enough', to: 'again', when: `n < ${rounds}` },
      'enough>end',
    ],
  );

const long = (): string => {
  const within = body(
    {
      'lane-start': start('lane-start'),
      count: script('count', '0', 'n'),
      again: merge('again'),
      round: userTask('round', { output: ['n', 'n + 1'] }),
      enough: choice('enough', 'enough-lane-end'),
      'lane-end': end('lane-end'),
    },
    [
      'lane-start>count',
      'count>again',
      'again>round',
      'round>enough',
      { id: 'more', from: 'enough', to: 'again', when: 'n < rounds' },
      'enough>lane-end',
    ],
  );
  const lanes = subProcess('lanes', within, each('lanes', { output: ['counts', 'n'] }));
  return body({ start: start(), lanes, end: end() }, ['start>lanes', 'lanes>end']);
};

export const definitions: Readonly<Record<string, string>> = {
  'chaos-service.bpmn': processXml(
    'chaos-service',
    body({ start: start(), notify: notify('notify'), effect: effect('effect'), end: end() }, [
      'start>notify',
      'notify>effect',
      'effect>end',
    ]),
  ),
  'chaos-task.bpmn': processXml(
    'chaos-task',
    body({ start: start(), review: userTask('review'), effect: effect('effect'), end: end() }, [
      'start>review',
      'review>effect',
      'effect>end',
    ]),
  ),
  'chaos-message.bpmn': processXml(
    'chaos-message',
    body({ start: start(), news: messageCatch('news'), effect: effect('effect'), end: end() }, [
      'start>news',
      'news>effect',
      'effect>end',
    ]),
    [{ element: 'news', name: newsMessage, correlationKey: 'ref' }],
  ),
  'chaos-timer.bpmn': processXml(
    'chaos-timer',
    body({ start: start(), wait: timer('wait', '=wait'), effect: effect('effect'), end: end() }, [
      'start>wait',
      'wait>effect',
      'effect>end',
    ]),
  ),
  'chaos-multi.bpmn': processXml(
    'chaos-multi',
    body({ start: start(), each: effect('each', each('items', { output: ['done', 'item'] })), end: end() }, [
      'start>each',
      'each>end',
    ]),
  ),
  'chaos-call.bpmn': processXml(
    'chaos-call',
    body({ start: start(), call: call('call', 'chaos-service'), receive: userTask('receive'), end: end() }, [
      'start>call',
      'call>receive',
      'receive>end',
    ]),
  ),
  'chaos-loop.bpmn': processXml('chaos-loop', loop('rounds')),
  'chaos-inbox.bpmn': processXml(
    'chaos-inbox',
    body(
      {
        start: start(),
        letters: subProcess(
          'letters',
          body(
            {
              'letter-start': start('letter-start'),
              letter: messageCatch('letter'),
              'letter-end': end('letter-end'),
            },
            ['letter-start>letter', 'letter>letter-end'],
          ),
          each('items', { sequential: true, output: ['received', 'number'] }),
        ),
        end: end(),
      },
      ['start>letters', 'letters>end'],
    ),
    [{ element: 'letter', name: 'chaos.letter', correlationKey: 'ref' }],
  ),
  'chaos-crowd.bpmn': processXml(
    'chaos-crowd',
    body({ start: start(), vote: userTask('vote', { loop: each('items') }), end: end() }, ['start>vote', 'vote>end']),
  ),
  'chaos-long.bpmn': processXml('chaos-long', long()),
  'chaos-clock.bpmn': processXml(
    'chaos-clock',
    body(
      {
        start: start(),
        measure: script('measure', 'string(now())', 'measured'),
        wait: timer('wait', '=wait'),
        effect: effect('effect'),
        end: end(),
      },
      ['start>measure', 'measure>wait', 'wait>effect', 'effect>end'],
    ),
  ),
};
