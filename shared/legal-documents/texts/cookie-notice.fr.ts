export const title = 'Information sur les cookies (modèle)';

export const content = `> **MODÈLE.** Ce texte est un exemple fourni avec le logiciel. Il doit être remplacé par l’information du responsable de traitement avant toute mise en service.

## 1. À quoi servent les cookies
Les cookies de l’extranet servent à mesurer les pages vues, les visites et l’activité ; à se souvenir de ce que vous saisissez dans les formulaires ; à vous donner accès à votre espace ; à appliquer des mesures de sécurité, par exemple vous demander de vous reconnecter après un certain temps.

## 2. Cookies indispensables
Ils sont nécessaires au service et ne demandent pas de consentement.

| fournisseur | cookie | usage | durée | responsable |
|---|---|---|---|---|
| Azure | ARRAffinity | répartition de charge : une visite reste sur le même serveur | session | {{controller.name}} |
| Azure | ARRAffinitySameSite | répartition de charge : une visite reste sur le même serveur | session | {{controller.name}} |
| .NET | ASP.NET_SessionId | vous garder connecté | session | {{controller.name}} |

## 3. Cookies de navigation
Ils retiennent vos choix d’affichage et vos saisies dans les formulaires. Ils sont déposés sans vous le demander ; votre navigateur peut les refuser, au prix d’un moindre confort.

## 4. Cookies soumis à votre accord
La mesure d’audience, la personnalisation d’après vos visites, les suggestions de contenus et la prospection n’ont lieu qu’avec votre accord. Refuser est aussi simple qu’accepter, et ne rien dire vaut refus.

## 5. Votre choix
- Vous pouvez le changer ou le retirer à tout moment par le module « Gestion des services », en bas de page.
- Il vous est redemandé après 6 mois, que vous ayez accepté ou refusé.
- Aucun cookie ni consentement n’est conservé plus de 13 mois, et vos visites ne prolongent pas cette durée.
- Refuser des cookies peut désactiver certaines fonctions.

## 6. Qui reçoit ces données
Elles sont réservées à {{controller.name}}, ne sortent pas de son groupe et ne sont pas vendues. Elles ne sont communiquées qu’avec votre accord, ou si la loi ou un juge l’exige.

## 7. Questions et recours
Écrivez au délégué à la protection des données : {{controller.dpoEmail}}, ou {{controller.postalAddress}}. Vous pouvez aussi saisir la CNIL (www.cnil.fr).
`;
